"""The coordinator’s pages of applications; each module registers its own."""

from applications.admin.partners import GraduateAdmin, PartnerAdmin, ProgrammeAdmin

__all__ = ["GraduateAdmin", "PartnerAdmin", "ProgrammeAdmin"]
