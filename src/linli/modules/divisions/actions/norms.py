"""Norms are dated: a new value from a day on, the old one stays on record."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.kernel.text import clean_line
from linli.modules.divisions.models import Norm
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import Actor
from linli.platform.changes.public import change, create


def set_norm(*, by: Actor, at: datetime, norm: Norm, value: Decimal, on: date, source: str) -> Norm:
    """From `on` the norm has another value, with its source. Norms hold for the whole service."""
    source = clean_line(source)
    if not source:
        raise Invalid("source", _("Say where the norm comes from."))
    if value < 0:
        raise Invalid("value", _("A number cannot be below zero."))
    if on <= norm.starts:
        raise Invalid("on", _("The new value must start after the one it follows."))
    with change(norm, by=by, verb=Verb.SET_NORM, at=at) as entry:
        if norm.ends is not None:
            raise Invalid("on", _("A later value is on record already."))
        norm.ends = on
        entry.facts.update(on=on, old=norm.value, new=value)
    fresh = Norm(
        slug=norm.slug, value=value, measure=norm.measure, strength=norm.strength, rule=norm.rule,
        source=source, starts=on,
    )  # fmt: skip
    with create(fresh, by=by, verb=Verb.SET_NORM, at=at):
        pass
    return fresh
