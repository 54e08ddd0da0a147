from django import template

from serportal.reviews.wording import state_text

register = template.Library()
register.filter(state_text)
