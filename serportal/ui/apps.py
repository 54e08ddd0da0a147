from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "serportal.ui"
    verbose_name = "Pages"
