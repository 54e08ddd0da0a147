from django.apps import AppConfig


class PreapprovalsConfig(AppConfig):
    name = "preapprovals"
