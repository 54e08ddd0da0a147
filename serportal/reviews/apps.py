from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewsConfig(AppConfig):
    name = "serportal.reviews"
    verbose_name = "Reviews"

    def ready(self):
        from serportal.reviews import checks  # noqa: F401
        from serportal.reviews.seeds import seed_timetables

        post_migrate.connect(seed_timetables, sender=self)
