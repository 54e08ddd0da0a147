from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "serportal.demo"
    verbose_name = "Demonstration"
