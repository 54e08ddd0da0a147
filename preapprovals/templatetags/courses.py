"""What the pages of courses say of an offering, in the words that the feeds use too."""

from django import template

from preapprovals.listing import counted, limits

register = template.Library()
register.filter(counted)
register.filter(limits)
