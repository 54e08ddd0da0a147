from datetime import date

from django.contrib.auth.models import BaseUserManager
from django.db import models


def covering(day: date, prefix: str = "") -> models.Q:
    """Rows with ``starts_on`` and an open or later ``ends_on`` that hold ``day`` (the last day included)."""
    ends = f"{prefix}ends_on"
    return models.Q(**{f"{prefix}starts_on__lte": day}) & (
        models.Q(**{f"{ends}__isnull": True}) | models.Q(**{f"{ends}__gte": day})
    )


class UserQuerySet(models.QuerySet):
    def on_committee(self, committee: str, day: date):
        """Active people whose term on ``committee`` holds ``day``."""
        terms = self.model._meta.get_field("terms").related_model
        serving = terms.objects.filter(covering(day), committee=committee)
        return self.filter(is_active=True, pk__in=serving.values("member"))

    def on_any_committee(self, day: date):
        """Active people whose term on some committee holds ``day``."""
        terms = self.model._meta.get_field("terms").related_model
        return self.filter(is_active=True, pk__in=terms.objects.filter(covering(day)).values("member"))

    def insiders(self):
        """Active people who coordinate or have sat on a committee: whoever may come to read a case."""
        terms = self.model._meta.get_field("terms").related_model.objects
        return self.filter(
            models.Q(is_staff=True) | models.Exists(terms.filter(member=models.OuterRef("pk"))), is_active=True
        )

    def coordinators(self):
        return self.filter(is_active=True, is_staff=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """E-mail is the name: kept and compared in lower case."""

    @classmethod
    def normalize_email(cls, email):
        return (email or "").strip().lower()

    def get_by_natural_key(self, email):
        return self.get(email=self.normalize_email(email))

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})
