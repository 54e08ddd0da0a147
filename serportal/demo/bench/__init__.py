"""How fast the pages are: a server of its own, a small load client, figures beside a bare Django page.

Absolute figures drift with whatever else the machine does. So every round measures a bare page before and after the
portal's own, and a page is told as a share of it, with the CPU time of a request. Nothing here asserts a time.
"""
