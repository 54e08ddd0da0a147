from applications.models.applications import Application, NextStep
from applications.models.drafts import Draft, RowText, SectionText
from applications.models.partners import Graduate, GraduateAnswer, Partner, Programme
from applications.models.references import Reference
from applications.models.rows import Criteria, Window, WindowMove

__all__ = [
    "Application",
    "Criteria",
    "Draft",
    "Graduate",
    "GraduateAnswer",
    "NextStep",
    "Partner",
    "Programme",
    "Reference",
    "RowText",
    "SectionText",
    "Window",
    "WindowMove",
]
