"""The coordinator’s pages of applications; each module registers its own."""
