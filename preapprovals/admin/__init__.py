"""The coordinator’s pages of pre-approvals; each module registers its own."""

from preapprovals.admin.logo import LogoMarkAdmin

__all__ = ["LogoMarkAdmin"]
