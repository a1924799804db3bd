"""Paging by the last row seen, never by counting rows: page 2,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet

from linli.platform.desk.columns import field_of, is_nullable

# Beyond it a list says "more than": whoever wants the sum opens the figures.
COUNT_TO = 1_000


@dataclass(frozen=True)
class Order:
    """Sorted by one path, ties by primary key; rows without a value come last either way."""

    path: str
    down: bool = False
    nullable: bool = False

    @classmethod
    def of(cls, model: type[models.Model], path: str, *, down: bool) -> Order:
        """The order with what the model knows of the path."""
        return cls(path, down, is_nullable(model, path))

    @property
    def is_key(self) -> bool:
        return self.path in ("pk", "id")


@dataclass(frozen=True)
class Mark:
    """A place in the order: the value and the key of a row, and which way to read on."""

    value: Any
    key: Any
    back: bool = False


@dataclass
class Page:
    """Rows of one page in order, and the marks of its neighbours ("" for none)."""

    rows: list[dict[str, Any]]
    before: str
    after: str


def take(
    rows: QuerySet[Any], order: Order, mark: Mark | None, *, fields: Sequence[str], size: int
) -> Page:
    """Read one page of `rows`; two queries at most, each a range of an index."""
    back = mark is not None and mark.back
    wanted = list(dict.fromkeys(["pk", order.path, *fields]))
    found: list[dict[str, Any]] = []
    for part in _parts(order, mark, back=back):
        missing = size + 1 - len(found)
        if missing <= 0:
            break
        ordered = rows.filter(part.condition).order_by(*part.ordering)
        if any("__" in path for path in wanted):
            # Choose the rows first, join what they show afterwards: a branch of thousands of rows
            # is sorted without fetching the neighbours of each. The conditions stand inside alone:
            # outside they would tempt the database to begin with them once more.
            chosen = ordered.values("pk")[:missing]
            whole = rows if rows.query.annotations else rows.model._default_manager.all()
            ordered = whole.filter(pk__in=chosen).order_by(*part.ordering)
        found += list(ordered.values(*wanted)[:missing])
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
    first, last = (found[0], found[-1]) if found else (None, None)
    has_before = more if back else mark is not None
    has_after = back or more
    return Page(
        found,
        write(Mark(first[order.path], first["pk"], back=True)) if first and has_before else "",
        write(Mark(last[order.path], last["pk"])) if last and has_after else "",
    )


@dataclass(frozen=True)
class _Part:
    condition: Q
    ordering: tuple[Any, ...]


def _parts(order: Order, mark: Mark | None, *, back: bool) -> list[_Part]:
    """The stretches of the order to read, in the direction of reading.

    Rows with a value come before rows without; each stretch is one index range, which a single
    condition with OR over both would not be.
    """
    down = order.down != back
    if order.is_key:
        beyond = "lt" if down else "gt"
        condition = Q() if mark is None else Q(**{f"pk__{beyond}": mark.key})
        return [_Part(condition, ("-pk" if down else "pk",))]
    valued = _Part(
        _beyond(order.path, mark, down=down) if mark and mark.value is not None else Q(),
        (f"-{order.path}" if down else order.path, "-pk" if down else "pk"),
    )
    if not order.nullable:
        return [valued]
    present, absent = Q(**{f"{order.path}__isnull": False}), Q(**{f"{order.path}__isnull": True})
    valued = _Part(present & valued.condition, valued.ordering)
    in_empty = mark is not None and mark.value is None
    beyond = "lt" if down else "gt"
    rest = absent & Q(**{f"pk__{beyond}": mark.key}) if mark and in_empty else absent
    empty = _Part(rest, ("-pk" if down else "pk",))
    if back:
        return [empty, valued] if in_empty else [valued]
    return [empty] if in_empty else [valued, empty]


def _beyond(path: str, mark: Mark, *, down: bool) -> Q:
    """Behind the mark: the first condition is the index range, the second breaks the tie."""
    reach, beyond = ("lte", "lt") if down else ("gte", "gt")
    return Q(**{f"{path}__{reach}": mark.value}) & (
        Q(**{f"{path}__{beyond}": mark.value}) | Q(**{f"pk__{beyond}": mark.key})
    )


def count(rows: QuerySet[Any], *, to: int = COUNT_TO) -> int:
    """How many rows, counting no further than one beyond `to`."""
    return rows.order_by()[: to + 1].count()


def write(mark: Mark) -> str:
    """The mark as it stands in an address."""
    body = json.dumps([_plain(mark.value), str(mark.key), int(mark.back)], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def read(text: str, model: type[models.Model], order: Order) -> Mark | None:
    """The mark in an address; None for one that was tampered with: the list begins anew."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        value, key, back = json.loads(raw)
        field = field_of(model, order.path)
        if value is not None and field is not None:
            value = field.to_python(value)
        pk: Any = model._meta.pk
        return Mark(value, pk.to_python(key), bool(back))
    except (ValueError, TypeError, ValidationError):
        return None


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case _:
            return value
