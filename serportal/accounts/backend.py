from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission


class PortalBackend(AuthenticationBackend):
    """Sign-in by e-mail. Rights come from groups alone; nobody has any of their own to ask the database for."""

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()
