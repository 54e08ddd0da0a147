from django.apps import AppConfig


class NumbersConfig(AppConfig):
    name = "serportal.numbers"
    verbose_name = "Numbers"
