from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OutboxConfig(AppConfig):
    name = "serportal.outbox"
    verbose_name = "Letters and messages"

    def ready(self):
        from serportal.outbox import checks  # noqa: F401
        from serportal.outbox.services import seed_templates

        post_migrate.connect(seed_templates, sender=self)
