"""Messages we owe, and the templates they are made from."""

import hashlib

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serportal.outbox.rules import HIDDEN
from serportal.outbox.states import DONE, POSSIBLE, TROUBLE, Act, Family, MessageState, ReminderState

# Of a UUID as text; no reference is as long.
LENGTH_OF_KEY = 36


def append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class LetterTemplate(models.Model):
    """The words of one letter, edited by the coordinator; it knows placeholders in braces and nothing else."""

    key = models.SlugField(_("key"), max_length=60, unique=True, editable=False)
    sent_when = models.CharField(_("sent when"), max_length=200, editable=False)
    known = models.JSONField(_("placeholders"), default=list, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"))
    original_subject = models.CharField(max_length=200, blank=True, editable=False)
    original_body = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("letter template")
        ordering = ["key"]

    def __str__(self):
        return self.sent_when

    @property
    def is_edited(self) -> bool:
        """Whether the words differ from those that came with the portal."""
        return (self.subject, self.body) != (self.original_subject, self.original_body)

    @property
    def fingerprint(self) -> str:
        """Name exactly these words, so that nobody overwrites words they have not read."""
        return hashlib.sha256(f"{self.subject}\n{self.body}".encode()).hexdigest()


class Wording(models.Model):
    """Words that a template had before; written when they are replaced, never changed."""

    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="wordings")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        triggers = [append_only("wordings_stay")]

    def __str__(self):
        return self.subject


class Message(models.Model):
    """One message owed to one address. ``key`` makes it owed once; only ``outbox.services`` moves its state."""

    key = models.CharField(_("key"), max_length=200, unique=True)
    to = models.EmailField(_("to"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    about = models.CharField(_("about"), max_length=40, blank=True, db_index=True, help_text=_("A reference."))
    template = models.CharField(max_length=60, blank=True, help_text=_("Empty when the text came ready."))
    context = models.JSONField(default=dict, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, help_text=_("The HTML twin of the text; empty where only the text went out."))
    secret = models.CharField(
        max_length=100, blank=True, editable=False, help_text="What the reader alone learns; gone once it went out."
    )
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    owed_at = models.DateTimeField(_("owed since"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message")
        ordering = ["-owed_at", "-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="outbox_due", condition=models.Q(state=MessageState.OWED)),
            models.Index(fields=["-owed_at", "-id"], name="outbox_newest"),
            models.Index(
                fields=["state"],
                name="outbox_trouble",
                condition=models.Q(state__in=sorted(TROUBLE)),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=MessageState.values), name="outbox_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~models.Q(state=MessageState.SENT) & models.Q(sent_at__isnull=True)),
                name="outbox_sent_iff_sent_at",
            ),
        ]

    def __str__(self):
        return self.subject or self.template

    @property
    def about_told(self) -> str:
        """What it is about as people read it: a draft has no reference yet, only the key it is stored under."""
        return gettext("not sent yet") if len(self.about) == LENGTH_OF_KEY else self.about

    @property
    def is_spent(self) -> bool:
        """Whether it bore a link for its reader alone, which went out once and is kept nowhere."""
        return HIDDEN in self.text and not self.secret

    @property
    def possible_acts(self) -> list[Act]:
        found = [act for act, states in POSSIBLE.items() if self.state in states]
        return [act for act in found if not (act == Act.AGAIN and self.is_spent)]


class MessageEvent(models.Model):
    """What was done about a message by hand; ``by`` is empty where a service took its reason away."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only("message_events_stay")]
        constraints = [models.CheckConstraint(condition=models.Q(act__in=Act.values), name="outbox_event_act_known")]

    def __str__(self):
        return str(DONE[Act(self.act)])


class Reminder(models.Model):
    """Something one person is to hear once: by purpose, object and step (SPEC 5). Only services move its state."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    purpose = models.CharField(max_length=60, help_text=_("The key of the template of its line."))
    object = models.CharField(max_length=40, help_text=_("“seat:12”, “case:34”."))
    step = models.CharField(max_length=20)
    due_on = models.DateField(help_text=_("The programme’s day from which on it is told."))
    line = models.TextField()
    about = models.CharField(max_length=40, blank=True, db_index=True, help_text=_("A reference."))
    state = models.CharField(max_length=10, choices=ReminderState, default=ReminderState.WAITING)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders", help_text=_("Its digest.")
    )
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["person"], name="outbox_to_tell", condition=models.Q(state=ReminderState.WAITING)),
            models.Index(fields=["object"], name="outbox_reminder_object"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose", "object", "step"], name="outbox_reminded_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=ReminderState.values), name="outbox_reminder_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReminderState.TOLD, message__isnull=False)
                | (~models.Q(state=ReminderState.TOLD) & models.Q(message__isnull=True)),
                name="outbox_told_iff_message",
            ),
        ]

    def __str__(self):
        return self.line

    @property
    def key(self) -> tuple[int, str, str, str]:
        return self.person_id, self.purpose, self.object, self.step


class Stopped(models.Model):
    """What somebody does not want to be reminded of; no row is a yes. Letters of their own are not touched by it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stopped")
    family = models.CharField(max_length=10, choices=Family)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "family"], name="outbox_stopped_once"),
            models.CheckConstraint(condition=models.Q(family__in=Family.values), name="outbox_stopped_family"),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.get_family_display()}"


class PutOff(models.Model):
    """One thing that its reader wants to hear of again on a later day, and not before."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="put_off")
    purpose = models.CharField(max_length=60)
    object = models.CharField(max_length=40)
    until = models.DateField(help_text=_("The programme’s day on which it is told again."))
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose", "object"], name="outbox_put_off_once"),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.purpose} {self.object}, {self.until}"
