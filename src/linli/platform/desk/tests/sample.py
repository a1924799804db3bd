"""A register to try the mechanism on: who holds which post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from linli.kernel.errors import Closed, Invalid
from linli.platform.access.actor import Actor
from linli.platform.access.models import Holding
from linli.platform.access.reads import for_actor
from linli.platform.access.rules import Verb
from linli.platform.changes.public import change
from linli.platform.desk.public import (
    Action,
    ActionForm,
    Column,
    Day,
    Doing,
    Fact,
    Facts,
    Masked,
    Period,
    Register,
    Timeline,
    View,
    Within,
    YesNo,
)


def holdings(actor: Actor) -> QuerySet[Holding]:
    return for_actor(Holding.objects.all(), actor)


def search(rows: QuerySet[Any], actor: Actor, text: str, /) -> QuerySet[Any]:
    return rows.filter(account__full_name__contains=text)


class EndForm(ActionForm):
    ends = forms.DateField(label="Last day")
    reason = forms.CharField(label="Reason", max_length=20)


def release(doing: Doing) -> None:
    with change(
        doing.row, by=doing.actor, verb=Verb.RELEASE, at=doing.at, expected=doing.expected
    ) as entry:
        doing.row.ends = doing.data["ends"]
        entry.facts["reason"] = doing.data["reason"]
    if doing.data["reason"] == "too late":
        raise Invalid("ends", "This day is too late.")
    if doing.data["reason"] == "closed":
        raise Closed
    if doing.data["reason"] == "not the grid" and "/001/012/001/" in doing.row.unit_key:
        raise Closed("Grids stay as they are.")


def grant(doing: Doing) -> None:
    with change(doing.row, by=doing.actor, verb=Verb.GRANT, at=doing.at, expected=doing.expected):
        doing.row.ends = None


class SampleHoldings(Register):
    name = "sample_holdings"
    model = Holding
    label = "Holdings"
    view_verb = Verb.VIEW_STAFF
    rows = staticmethod(holdings)
    search = staticmethod(search)
    columns = (
        Column("account", sort=True),
        Column("post"),
        Masked("phone", "Phone", path="account__phone", visible_to=Verb.CHANGE_ACCOUNT),
        Day("starts", sort=True),
        Day("ends", sort=True),
        Column("unit", hidden=True),
    )
    default_sort = "-starts"
    page_size = 5
    filters = (Within("unit"), Period("starts"), YesNo("open", "Open", Q(ends=None)))
    views = (View("all", "All"), View("new", "New", "starts_from=2026-01-01"))
    detail = (
        Facts("account", "starts", "ends", Fact("account__phone", "Phone", visible_to=Verb.GRANT)),
        Timeline(place="side"),
    )
    actions = (
        Action(Verb.RELEASE, release, form=EndForm, icon="logout", tone="primary", many=True),
        Action(Verb.GRANT, grant, when=lambda row, actor: row.ends is not None, many=True),
    )
