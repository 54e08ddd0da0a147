"""The coordinator’s pages of sponsors and what they offer; each module registers its own."""

from preapprovals.admin.logo import LogoMarkAdmin
from preapprovals.admin.offerings import OfferingAdmin
from preapprovals.admin.oversight import NoticeAdmin
from preapprovals.admin.sponsors import SponsorAdmin
from preapprovals.admin.visits import VisitAdmin

__all__ = ["LogoMarkAdmin", "NoticeAdmin", "OfferingAdmin", "SponsorAdmin", "VisitAdmin"]
