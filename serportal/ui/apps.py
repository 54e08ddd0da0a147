from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class UiConfig(AppConfig):
    default = True
    name = "serportal.ui"
    verbose_name = "Pages"


class StaticConfig(StaticFilesConfig):
    """Static files, less what no page of ours asks for: one stylesheet of Bootstrap, one build of htmx, no flags."""

    default = False
    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "bootstrap.css*",
        "bootstrap.rtl*",
        "bootstrap*.js*",
        "htmx-4*",
        "htmx-2.js",
        "flags",
        "ext",
    )
