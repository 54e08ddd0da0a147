from applications.rules.experience import Demands, Experience, Job, Month, Project, experience, months
from applications.rules.knowledge import Course, Least, Line, Prior, Share, Sheet, shares_problem, sheet
from applications.rules.partners import REMIND_AFTER, reminder_due
from applications.rules.people import Known, alike, email_key, known, likenesses, name_key, same_address
from applications.rules.ready import GATES, PRIOR_LEARNING, documents_of, open_gates, ready_as, sides_asked
from applications.rules.windows import COMPLETE_WITHIN, Window, standard_windows, window_of

__all__ = [
    "COMPLETE_WITHIN",
    "GATES",
    "PRIOR_LEARNING",
    "REMIND_AFTER",
    "Course",
    "Demands",
    "Experience",
    "Job",
    "Known",
    "Least",
    "Line",
    "Month",
    "Prior",
    "Project",
    "Share",
    "Sheet",
    "Window",
    "alike",
    "documents_of",
    "email_key",
    "experience",
    "known",
    "likenesses",
    "months",
    "name_key",
    "open_gates",
    "ready_as",
    "reminder_due",
    "same_address",
    "shares_problem",
    "sheet",
    "sides_asked",
    "standard_windows",
    "window_of",
]
