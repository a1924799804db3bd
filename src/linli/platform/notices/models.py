"""What people were told, what is on its way by e-mail, and how they want to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.platform.notices.texts import rendered


class Told(models.Model):
    """A text kept as message and values, so that everybody reads it in their own language.

    `occasion` is the entry (or another event) it tells of: the same verb on the same subject is
    told once an occasion and recipient.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    occasion = models.UUIDField()
    text = models.TextField()
    body = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    # A path on this site, never an address elsewhere.
    url = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """The message in the language now active."""
        return rendered(self.text, self.params)

    @property
    def more(self) -> str:
        """What is added to the message, in the language now active; "" for nothing."""
        return rendered(self.body, self.params) if self.body else ""


class Notice(Told):
    """One person is told one thing, on the pages of the service."""

    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"]),
            models.Index(fields=["account"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["created_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "verb", "subject_id", "occasion"], name="notice_once"
            ),
            models.CheckConstraint(
                condition=Q(url="") | (Q(url__startswith="/") & ~Q(url__startswith="//")),
                name="notice_leads_to_this_site",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DeliveryState(models.TextChoices):
    """How far an e-mail got."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("handed to the mail server")
    REFUSED = "refused", _("refused by the mail server")
    GIVEN_UP = "given_up", _("given up: the mail server did not take it for days")


class Delivery(Told):
    """One e-mail to one address, and what became of it."""

    address = models.EmailField(_("e-mail"))
    language = models.CharField(max_length=10)
    for_staff = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["queued_at"], condition=Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index(fields=["subject_id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["address", "verb", "subject_id", "occasion"], name="delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="delivery_sent_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class Preference(models.Model):
    """How one person wants to be told of one kind of thing; no row: as the kind has it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField()
    email = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"


class MailLanguage(models.Model):
    """The language in which a person gets e-mails, where it is not the installation's."""

    account = models.OneToOneField(
        "access.Account", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    language = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"{self.account_id} {self.language}"
