from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalsConfig(AppConfig):
    name = "journals"
    verbose_name = "Journals"

    def ready(self):
        from journals.seeds import seed_rows

        post_migrate.connect(seed_rows, sender=self)
