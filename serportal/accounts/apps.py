from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "serportal.accounts"
    verbose_name = "People"

    def ready(self):
        from serportal.accounts.services import seed_coordinator_group

        post_migrate.connect(seed_coordinator_group, sender=self)
