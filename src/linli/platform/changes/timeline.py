"""The story of a row, as its page tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext

from linli.platform.access.scope import open_subject
from linli.platform.changes.models import Entry
from linli.platform.changes.verbs import label_of


@dataclass(frozen=True, slots=True)
class Move:
    """One column that moved, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words: who did what when, in which capacity, and what moved."""

    at: datetime
    verb: str
    label: str
    who: str
    post: str
    on_behalf_of: str
    channel: str
    moves: tuple[Move, ...]
    facts: Mapping[str, Any]
    forgotten: bool


def timeline(row: models.Model) -> list[Line]:
    """Every entry of a row the caller has just read, newest first."""
    return [line_of(entry) for entry in entries_of(row)]


def entries_of(row: models.Model) -> list[Entry]:
    """The entries of a row the caller has just read, newest first."""
    open_subject(row.pk)
    return list(Entry.objects.filter(subject_id=row.pk).order_by("-seq"))


def line_of(entry: Entry) -> Line:
    """One entry in the reader's language."""
    return Line(
        at=entry.at,
        verb=entry.verb,
        label=label_of(entry.verb),
        who=who_did(entry),
        post=entry.post_title,
        on_behalf_of=entry.on_behalf_of,
        channel=entry.channel,
        moves=tuple(_moves(entry)),
        facts=entry.facts,
        forgotten=entry.forgotten_at is not None,
    )


def who_did(entry: Entry) -> str:
    """The person's name; what runs by itself has none that a reader would know."""
    if entry.account_id is None and entry.channel == "job":
        return gettext("The platform")
    return entry.actor_name


def _moves(entry: Entry) -> list[Move]:
    model = apps.get_model(entry.subject_type)
    told: list[Move] = []
    for column, pair in entry.moved.items():
        field = _field(model, column)
        # Relations are told by name in the facts; a bare key says nothing to a reader, and neither
        # does a column that has no words of its own.
        if field is None or field.is_relation or not field.editable or not _has_words(field):
            continue
        old, new = (_word(field, value) for value in pair)
        told.append(Move(label=str(field.verbose_name), old=old, new=new))
    return told


def _has_words(field: models.Field[Any, Any]) -> bool:
    return isinstance(field.verbose_name, Promise)


def _field(model: type[models.Model], column: str) -> models.Field[Any, Any] | None:
    try:
        field = model._meta.get_field(column)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def _word(field: models.Field[Any, Any], value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
    choices = dict(field.flatchoices)
    return str(choices.get(value, value))
