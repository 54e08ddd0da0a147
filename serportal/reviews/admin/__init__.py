"""The coordinator’s pages for cases. Every change goes through a service."""

from serportal.reviews.admin import cases, timetables

__all__ = ["cases", "timetables"]
