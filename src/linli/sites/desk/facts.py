"""What entries tell beside their verb, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.modules.cases.models import SpanKind
from linli.platform.access.models import Level
from linli.platform.changes.public import all_verbs, label_of
from linli.platform.pages import formats

LABELS: dict[str, Any] = {
    "added": gettext_lazy("Rights added"),
    "asked": gettext_lazy("Time asked for"),
    "asked_by": gettext_lazy("Decided by"),
    "assumed": gettext_lazy("Day assumed"),
    "category": gettext_lazy("Kind"),
    "channel": gettext_lazy("By way of"),
    "closed": gettext_lazy("Day of closing"),
    "code": gettext_lazy("Code of the unit"),
    "due": gettext_lazy("Due"),
    "duty": gettext_lazy("Duty"),
    "ends": gettext_lazy("Until"),
    "extension": gettext_lazy("Time added"),
    "file": gettext_lazy("Attached file"),
    "first": gettext_lazy("First to report"),
    "follows": gettext_lazy("Instead of"),
    "from": gettext_lazy("Out of the hands of"),
    "heir": gettext_lazy("Goes on as"),
    "into": gettext_lazy("Into"),
    "limit": gettext_lazy("Time limit"),
    "merged": gettext_lazy("Joined by"),
    "moved": gettext_lazy("Moved along"),
    "name": gettext_lazy("Name"),
    "new": gettext_lazy("Value from now on"),
    "new_m2": gettext_lazy("New area (m²)"),
    "of": gettext_lazy("Whose help"),
    "old": gettext_lazy("Value before"),
    "old_m2": gettext_lazy("Area before (m²)"),
    "on": gettext_lazy("In force from"),
    "opened": gettext_lazy("Established"),
    "out_of": gettext_lazy("Out of"),
    "outcome": gettext_lazy("Outcome"),
    "person": gettext_lazy("Person"),
    "phone_proven": gettext_lazy("Telephone proven"),
    "post": gettext_lazy("Post"),
    "redrawn": gettext_lazy("Drawn anew"),
    "role": gettext_lazy("Role of the post"),
    "stars": gettext_lazy("Stars"),
    "system": gettext_lazy("System of codes"),
    "taken": gettext_lazy("Rights taken away"),
    "to": gettext_lazy("To"),
    "to_level": gettext_lazy("Raised to"),
    "under": gettext_lazy("Below"),
    "unit": gettext_lazy("Unit"),
    "units": gettext_lazy("Units"),
    "used": gettext_lazy("Time used"),
    "username": gettext_lazy("User name"),
    "verb": gettext_lazy("Act"),
}
# Told in another way on the same page, or keys that say nothing to a reader.
UNTOLD = {"state", "file_id"}
SPANS = {"limit", "extension", "asked", "follows"}
PAIRS = {"category", "unit", "role"}


def told(facts: Mapping[str, Any], *, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Facts as labels and words, without those named in `but`."""
    skipped = UNTOLD | set(but)
    return [
        (str(LABELS.get(name, name)), words)
        for name, value in facts.items()
        if name not in skipped and (words := in_words(name, value))
    ]


def in_words(name: str, value: Any) -> str:  # noqa: PLR0911  one line a kind
    """One fact as a reader wants it; "" when there is nothing to tell."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case [amount, kind] if name in SPANS and kind in SpanKind.values:
            return f"{formats.number(amount)} {SpanKind(kind).label}"
        case [old, new] if name in PAIRS:
            return f"{old or '—'} → {new}"
        case list():
            return "、".join(label_of(str(one)) for one in value)
        case dict():
            return formats.number(sum(n for n in value.values() if isinstance(n, int)))
        case int() if name == "to_level":
            return str(Level(value).label)
        case float() if name == "used":
            return formats.percent(value)
        case int():
            return formats.number(value)
        case str():
            return _moment(value) or (label_of(value) if value in all_verbs() else value)
        case _:
            return str(value)


def _moment(text: str) -> str:
    """A day or moment as entries store them, written out; "" for any other text."""
    try:
        found: datetime | date | None = parse_datetime(text) or parse_date(text)
    except ValueError:
        return ""
    if isinstance(found, datetime):
        return formats.written(found, "dt") if found.tzinfo else text
    return formats.written(found, "date") if found else ""
