"""How an entry is made out of a change: who, what moved, and a digest that binds both."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import models

from linli.platform.access.actor import Actor
from linli.platform.changes.changeable import Changeable
from linli.platform.changes.models import Entry

MASK = "•••"
LONGEST_TOLD = 500


def columns(row: models.Model) -> dict[str, Any]:
    """The stored values of a row by column name."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def moved_columns(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `after` that differ from `before`."""
    return {name: value for name, value in after.items() if before[name] != value}


def told(row: Changeable, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """`{column: [old, new]}` as an entry may tell it: personal values masked, long ones cut."""
    kept: dict[str, Any] = {}
    for name, new in after.items():
        if name == "version" or name in row.silent_fields:
            continue
        pair = [before.get(name), new]
        secret = name in row.personal_fields
        kept[name] = [_mask(value) if secret else plain(value) for value in pair]
    return kept


def plain(value: Any) -> Any:
    """A value as JSON can carry it."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case _:
            return str(value)[:LONGEST_TOLD]


def _mask(value: Any) -> str | None:
    return MASK if value not in (None, "") else None


def entry_for(
    row: Any,
    *,
    by: Actor,
    verb: str,
    at: datetime,
    moved: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> Entry:
    """The entry of one change, not yet stored."""
    entry = Entry(
        at=at,
        verb=str(verb),
        subject_type=row._meta.label_lower,
        subject_id=row.pk,
        unit_key=getattr(row, "unit_key", "") or "",
        account_id=by.account_id,
        actor_name=by.name,
        post_id=by.post_id,
        post_title=by.post_title,
        on_behalf_of=by.on_behalf_of,
        channel=by.channel,
        moved=dict(moved),
        facts=plain(dict(facts)),
    )
    entry.digest = payload_digest(entry)
    return entry


def payload_digest(entry: Entry) -> str:
    """Keyed digest of what an entry tells; the key keeps short values from being guessed."""
    body = orjson.dumps([str(entry.pk), entry.moved, entry.facts], option=orjson.OPT_SORT_KEYS)
    return hmac.new(settings.AUDIT_KEY, body, hashlib.sha256).hexdigest()
