from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class HomeConfig(AppConfig):
    default = True
    name = "serportal.home"
    verbose_name = "Portal"


class PortalAdminConfig(SimpleAdminConfig):
    """Django’s admin, on the portal’s own site."""

    default = False
    default_site = "serportal.home.site.PortalAdminSite"

    def ready(self):
        super().ready()
        self.module.autodiscover()
