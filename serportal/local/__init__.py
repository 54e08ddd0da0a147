"""Everything one machine needs to run the portal by itself: environment, servers, demonstration, test launcher.

Nothing here is part of the deployed portal, and no other package imports it.
"""
