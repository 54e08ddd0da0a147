from django.apps import AppConfig


class CertificationsConfig(AppConfig):
    name = "serportal.certifications"
    verbose_name = "Certifications"
