from applications.rules.experience import Demands, Experience, Job, Month, Project, experience, months
from applications.rules.knowledge import Course, Least, Line, Prior, Share, Sheet, shares_problem, sheet
from applications.rules.partners import REMIND_AFTER, reminder_due
from applications.rules.ready import GATES, PRIOR_LEARNING, open_gates, ready_as, sides_asked
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
    "Least",
    "Line",
    "Month",
    "Prior",
    "Project",
    "Share",
    "Sheet",
    "Window",
    "experience",
    "months",
    "open_gates",
    "ready_as",
    "reminder_due",
    "shares_problem",
    "sheet",
    "sides_asked",
    "standard_windows",
    "window_of",
]
