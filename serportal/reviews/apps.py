from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "serportal.reviews"
    verbose_name = "Reviews"

    def ready(self):
        from serportal.reviews import checks  # noqa: F401
