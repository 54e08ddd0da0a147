from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "serportal.files"
    verbose_name = "Files"
