"""Rows that change through the one door carry a version, so that a stale page is noticed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Changeable(models.Model):
    """A row written only by `change`, `create` and their bulk twins."""

    version = models.PositiveIntegerField(default=1, editable=False)

    # Columns whose values never appear in entries, only that they moved.
    personal_fields: ClassVar[frozenset[str]] = frozenset()
    # Columns kept in step by other means; they are saved but not told in entries.
    silent_fields: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True
