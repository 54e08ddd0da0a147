from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FeesConfig(AppConfig):
    name = "serportal.fees"
    verbose_name = "Fees"

    def ready(self):
        from serportal.fees.seeds import seed_fees

        post_migrate.connect(seed_fees, sender=self)
