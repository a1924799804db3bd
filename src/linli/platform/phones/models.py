"""What is kept of a number being proven, for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from linli.kernel.ids import new_id
from linli.platform.phones.codes import MINUTES

MOST_TRIES = 5
VALID = timedelta(minutes=MINUTES)


class PhoneProof(models.Model):
    """One code sent to one number, and whether it came back. Its code is computed, see codes.py."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # The gateway will never take it: the number cannot be reached.
    refused = models.BooleanField(default=False)
    fault = models.CharField(max_length=300, blank=True)
    proven_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(tries__lte=MOST_TRIES), name="proof_has_at_most_five_tries"
            ),
            models.CheckConstraint(
                condition=Q(proven_at__isnull=True)
                | Q(proven_at__lt=F("ends_at"), tries__gte=1, proven_at__gte=F("asked_at")),
                name="proven_in_time_and_by_a_try",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def is_open(self, at: datetime) -> bool:
        """Whether its code may still be typed."""
        return self.proven_at is None and at < self.ends_at and self.tries < MOST_TRIES
