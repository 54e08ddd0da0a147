"""The coordinator’s pages of sponsors and what they offer; each module registers its own."""

from preapprovals.admin.logo import LogoMarkAdmin
from preapprovals.admin.oversight import NoticeAdmin

__all__ = ["LogoMarkAdmin", "NoticeAdmin"]
