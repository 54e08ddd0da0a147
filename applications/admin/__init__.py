"""The coordinator’s pages of applications; each module registers its own."""

from applications.admin.applications import ApplicationAdmin
from applications.admin.criteria import CriteriaAdmin
from applications.admin.partners import GraduateAdmin, PartnerAdmin, ProgrammeAdmin
from applications.admin.windows import WindowAdmin

__all__ = ["ApplicationAdmin", "CriteriaAdmin", "GraduateAdmin", "PartnerAdmin", "ProgrammeAdmin", "WindowAdmin"]
