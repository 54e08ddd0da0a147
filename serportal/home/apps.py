from django.apps import AppConfig, apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    default = True
    name = "serportal.home"
    verbose_name = "Portal"

    def ready(self):
        from serportal.accounts.services import seed_coordinator_group

        last = [app for app in apps.get_app_configs() if app.models_module][-1]
        post_migrate.connect(seed_coordinator_group, sender=last)


class PortalAdminConfig(SimpleAdminConfig):
    """Django’s admin, on the portal’s own site."""

    default = False
    default_site = "serportal.home.site.PortalAdminSite"

    def ready(self):
        super().ready()
        self.module.autodiscover()
