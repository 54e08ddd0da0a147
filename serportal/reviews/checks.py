from django.core import checks
from django.template.loader import get_template

from serportal.reviews.kinds import kinds


@checks.register(checks.Tags.templates)
def kinds_are_complete(app_configs, **kwargs):
    """Refuse to start with a kind of submission that the review process could not serve."""
    problems = []
    for key, kind in kinds().items():
        get_template(kind.content_template)
        days = kind.days
        if not 0 < days.screen_days < days.ballot_days < days.answer_days <= kind.promised_days:
            problems.append(
                checks.Error(f"The deadlines of the kind “{key}” do not follow each other.", id="reviews.E001")
            )
    return problems
