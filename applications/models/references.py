"""References: who was asked, how far it came, and what was answered (R-APP-6)."""

from django.db import models

from applications.models.drafts import Draft
from applications.querysets import ReferenceQuerySet
from applications.states import GONE, ReferenceState
from serportal.drafts.models import Typed

Q = models.Q


class Reference(Typed):
    """One referee of one application; ``data`` is what they type, read by reviewers and coordinators alone.

    It belongs to the draft that the application was filed from, so that it can be asked for long before. Only the
    hash (SHA-256, hex) of the link’s 32 random bytes is stored. ``replaces`` is the reference whose place this one
    took. ``name_key`` and ``email_key`` are the folded spellings that find the same person twice.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="references")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    organisation = models.CharField(max_length=200, blank=True)
    relationship = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True, help_text="What the applicant writes to the referee.")
    state = models.CharField(max_length=8, choices=ReferenceState, default=ReferenceState.NAMED)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replaced_by"
    )
    name_key = models.CharField(max_length=200)
    email_key = models.CharField(max_length=254)
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    links = models.PositiveSmallIntegerField(default=0, help_text="How many links were sent; each ends the one before.")
    named_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_because = models.TextField(blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReferenceState.values), name="applications_reference_state"),
            models.CheckConstraint(
                condition=Q(state=ReferenceState.RECEIVED, received_at__isnull=False)
                | (~Q(state=ReferenceState.RECEIVED) & Q(received_at__isnull=True)),
                name="applications_received_iff_at",
            ),
            models.CheckConstraint(
                condition=Q(state=ReferenceState.DECLINED, declined_at__isnull=False)
                | (~Q(state=ReferenceState.DECLINED) & Q(declined_at__isnull=True)),
                name="applications_declined_iff_at",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def counts(self) -> bool:
        """Whether it takes one of the places for references."""
        return self.state not in GONE
