from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "serportal.accounts"
    verbose_name = "People"

    def ready(self):
        from serportal.accounts.seeds import seed_agreements

        post_migrate.connect(seed_agreements, sender=self)
