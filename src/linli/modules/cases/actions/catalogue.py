"""Changing what cases are about and how long they may take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.cases.limits import forget_limits
from linli.modules.cases.models import Category, TimeRule
from linli.modules.cases.rules import Verb
from linli.platform.access.actor import Actor
from linli.platform.changes.public import change, create


def define_category(
    *, by: Actor, at: datetime, category: Category, facts: Mapping[str, Any],
    expected: int | None = None,
) -> None:  # fmt: skip
    """Change a category for reports from now on; cases keep the limit they were given.

    Raises `Invalid` at `needs_proven_phone` for a kind that may be reported without a name.
    """
    with change(category, by=by, verb=Verb.DEFINE_CATEGORY, at=at, expected=expected):
        for name, value in facts.items():
            setattr(category, name, value)
        if category.needs_proven_phone and category.anonymous_allowed:
            raise Invalid(
                "needs_proven_phone",
                _("Nobody can prove a number and stay without a name. Choose one of the two."),
            )


def define_limit(*, by: Actor, at: datetime, rule: TimeRule, starts: date, amount: int) -> TimeRule:
    """Put a new value in force from a day on; the old one ends the day before."""
    if starts <= rule.starts:
        raise Invalid("starts", _("The new limit must start after the one it follows."))
    if amount <= 0:
        raise Invalid("amount", _("A limit is at least 1."))
    following = TimeRule(
        name=rule.name, label_zh=rule.label_zh, label_en=rule.label_en, amount=amount,
        kind=rule.kind, starts=starts, source=rule.source,
    )  # fmt: skip
    with change(rule, by=by, verb=Verb.DEFINE_LIMIT, at=at):
        rule.ends = starts
    with create(following, by=by, verb=Verb.DEFINE_LIMIT, at=at) as entry:
        entry.facts["follows"] = [rule.amount, rule.kind]
    forget_limits()
    return following
