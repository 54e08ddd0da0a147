from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "serportal.accounts"
    verbose_name = "People"
