"""The coordinator’s figures: who is certified, credits, waiting, courses, who will fall short; tables, pictures, CSV.

No count holds a case that is hidden from whoever reads it, nor the credits, arrangements and courses that came of one
(R-REV-5). People and their periods are counted whole, for everyone: they are no case.
"""
