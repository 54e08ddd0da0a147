from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Applications"

    def ready(self):
        from applications.seeds import seed_rows

        post_migrate.connect(seed_rows, sender=self)
