"""Posts, who holds them, and roles lent to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.text import clean_line
from linli.platform.access import actions
from linli.platform.access.actor import Actor
from linli.platform.access.desk.forms import AppointForm, EndForm, GrantForm, PostForm
from linli.platform.access.desk.staff import TODAY
from linli.platform.access.models import Grant, Holding, Post, valid_on
from linli.platform.access.reads import grants, holdings, posts
from linli.platform.access.rules import Verb
from linli.platform.desk.public import (
    Action,
    Chosen,
    Column,
    Day,
    Doing,
    Empty,
    Fact,
    Facts,
    Menu,
    Register,
    Template,
    Timeline,
    View,
    Within,
    YesNo,
    badge,
)

IN_FORCE = Q(ends__isnull=True) | Q(ends__gt=TODAY)
OPEN = Q(closed__isnull=True) | Q(closed__gt=TODAY)


def people() -> Subquery:
    """Who holds a post today, in one column."""
    held = (
        Holding.objects.filter(valid_on(TODAY), post=OuterRef("pk"))
        .order_by()
        .values("post")
        .annotate(all=StringAgg("account__full_name", delimiter=Value("、")))
    )
    return Subquery(held.values("all"))


def find(rows: QuerySet[Any], _actor: Actor, text: str) -> QuerySet[Any]:
    """By a part of the title or of the place's name."""
    typed = clean_line(text)
    return rows.filter(Q(title__icontains=typed) | Q(unit__name__icontains=typed))


def open_post(doing: Doing) -> Post:
    """A new post."""
    return actions.open_post(actor=doing.actor, at=doing.at, **doing.data)


def change_post(doing: Doing) -> None:
    """What it is called, what it may do."""
    actions.change_post(
        actor=doing.actor, post=doing.row, at=doing.at, expected=doing.expected, **doing.data
    )


def close_post(doing: Doing) -> None:
    """Its last day."""
    actions.close_post(actor=doing.actor, post=doing.row, closed=doing.data["ends"], at=doing.at)


def appoint(doing: Doing) -> None:
    """Somebody takes the post."""
    actions.appoint(actor=doing.actor, post=doing.row, at=doing.at, **doing.data)


def release(doing: Doing) -> None:
    """Somebody leaves the post."""
    actions.release(
        actor=doing.actor, holding=doing.row, ends=doing.data["ends"], at=doing.at,
        expected=doing.expected,
    )  # fmt: skip


def lend(doing: Doing) -> None:
    """A role lent to the post."""
    actions.grant(actor=doing.actor, post=doing.row, at=doing.at, **doing.data)


def lend_anew(doing: Doing) -> Grant:
    """A role lent, the post chosen in the form."""
    return actions.grant(actor=doing.actor, at=doing.at, **doing.data)


def revoke(doing: Doing) -> None:
    """What was lent is taken back."""
    actions.revoke(
        actor=doing.actor, grant=doing.row, ends=doing.data["ends"], at=doing.at,
        expected=doing.expected,
    )  # fmt: skip


def holders_of(request: HttpRequest, row: Any) -> Mapping[str, Any]:
    """Who holds, held and will hold the post."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = holdings(actor).filter(post=row).select_related("account", "post", "unit")
    return {"lines": found.order_by("-starts")[:50], "today": timezone.localdate(), "of": "post"}


def lent_to(request: HttpRequest, row: Any) -> Mapping[str, Any] | None:
    """What is lent to the post."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = grants(actor).filter(post=row).select_related("role", "unit")
    lines = list(found.order_by("-starts")[:50])
    return {"lines": lines, "today": timezone.localdate()} if lines else None


def in_force(row: Any, _actor: Actor) -> bool:
    """Whether the dated row has not ended."""
    return row.ends is None or row.ends > timezone.localdate()


def is_open(row: Any, _actor: Actor) -> bool:
    """Whether the post still exists."""
    return row.closed is None or row.closed > timezone.localdate()


class Posts(Register):
    """The register of posts."""

    name = "posts"
    model = Post
    view_verb = Verb.VIEW_STAFF
    rows = staticmethod(posts)
    search = staticmethod(find)
    columns = (
        Column("title", _("post title")),
        Column("unit", _("area")),
        Column("people", _("held today by"), expression=people(), css="clip"),
        Column("role"),
        Chosen("kind"),
        Column("remit", hidden=True),
        Day("opened", hidden=True),
        Day("closed", hidden=True),
    )
    filters = (Within("unit"), "role", "kind", YesNo("open", _("in use"), OPEN))
    views = (View("open", _("In use"), "open=yes"), View("all", _("All")))
    detail = (
        Facts(
            Fact("title", _("post title")),
            Fact("unit", _("area")),
            "role",
            "kind",
            "remit",
            "opened",
            "closed",
        ),
        Template("access/parts/holdings.html", holders_of, _("Held by")),
        Template("access/parts/grants.html", lent_to, _("Lent roles")),
        Timeline(place="side"),
    )
    actions = (
        Action(Verb.OPEN_POST, open_post, form=PostForm, of="list", icon="plus", tone="primary"),
        Action(
            Verb.APPOINT, appoint, form=AppointForm, icon="user-plus", tone="primary", when=is_open
        ),
        Action(Verb.CHANGE_POST, change_post, form=PostForm, icon="edit"),
        Action(Verb.GRANT, lend, form=GrantForm, icon="transfer", when=is_open),
        Action(
            Verb.CLOSE_POST, close_post, form=EndForm, icon="ban", tone="danger", when=is_open,
            about=_("Whoever holds the post is released on that day."),
        ),
    )  # fmt: skip
    menu = Menu(_("Posts"), group="organisation", icon="id-badge", order=20)
    empty = Empty(_("No post yet"), _("Work is handed to posts; people hold them for a time."))

    def badges(self, row: Any, actor: Actor) -> str:
        return "" if is_open(row, actor) else badge(str(_("Abolished")), "idle")

    def summary(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return str(row.unit)

    def detail_rows(self, actor: Actor) -> QuerySet[Any]:
        return posts(actor).select_related("unit", "role")


class Holdings(Register):
    """Who holds which post."""

    name = "holdings"
    model = Holding
    label = _("Appointments")
    view_verb = Verb.VIEW_STAFF
    rows = staticmethod(holdings)
    columns = (
        Column("account", _("person")),
        Column("post", _("post")),
        Column("unit", _("area")),
        Day("starts"),
        Day("ends"),
    )
    filters = (Within("unit"), YesNo("current", _("in force"), IN_FORCE))
    views = (View("current", _("In force"), "current=yes"), View("all", _("All")))
    detail = (
        Facts(
            Fact("account", _("person")),
            Fact("post", _("post")),
            Fact("unit", _("area")),
            "starts",
            "ends",
        ),
        Timeline(place="side"),
    )
    actions = (
        Action(
            Verb.RELEASE, release, form=EndForm, icon="logout", tone="danger", when=in_force,
            about=_("From that day on the person no longer acts in this post, in running "
                    "sessions too."),
            many=True,
        ),
    )  # fmt: skip
    menu = Menu(_("Appointments"), group="organisation", icon="user-check", order=30)

    def detail_rows(self, actor: Actor) -> QuerySet[Any]:
        return holdings(actor).select_related("account", "post", "unit")


class Grants(Register):
    """Roles lent over places."""

    name = "grants"
    model = Grant
    label = _("Lent roles")
    view_verb = Verb.VIEW_STAFF
    rows = staticmethod(grants)
    columns = (
        Column("post", _("post")),
        Column("role", _("role")),
        Column("unit", _("over")),
        Day("starts"),
        Day("ends"),
        Column("reason", css="clip"),
    )
    filters = (Within("unit"), YesNo("current", _("in force"), IN_FORCE))
    views = (View("current", _("In force"), "current=yes"), View("all", _("All")))
    detail = (
        Facts(
            Fact("post", _("post")),
            Fact("role", _("role")),
            Fact("unit", _("over")),
            "starts",
            "ends",
            "reason",
        ),
        Timeline(place="side"),
    )
    actions = (
        Action(Verb.GRANT, lend_anew, form=GrantForm, of="list", icon="plus", tone="primary"),
        Action(
            Verb.REVOKE, revoke, form=EndForm, icon="x", tone="danger", when=in_force, many=True
        ),
    )
    menu = Menu(_("Lent roles"), group="organisation", icon="transfer", order=40)
    empty = Empty(_("Nothing is lent"), _("A role can be lent to a post over another place."))

    def detail_rows(self, actor: Actor) -> QuerySet[Any]:
        return grants(actor).select_related("post", "role", "unit")
