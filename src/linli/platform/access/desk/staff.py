"""The register of staff: accounts, what they hold, and what can be done about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core import context as running
from cryptography.fernet import InvalidToken
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Now, TruncDate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from linli.kernel.text import clean_line
from linli.platform.access import actions
from linli.platform.access.actor import Actor
from linli.platform.access.adapter import sealed, unsealed
from linli.platform.access.desk.forms import AccountForm, AppointForm
from linli.platform.access.duties import has_second_factor
from linli.platform.access.models import Account, Holding, valid_on
from linli.platform.access.reads import accounts, holdings
from linli.platform.access.rules import Verb
from linli.platform.desk.public import (
    Action,
    Column,
    Doing,
    Empty,
    Fact,
    Facts,
    Masked,
    Menu,
    ReasonForm,
    Register,
    Template,
    Timeline,
    View,
    Within,
    YesNo,
    badge,
)
from linli.platform.pages.formats import phone_mask
from linli.platform.pages.render import render

FIRST_PASSWORD = "first_password"  # noqa: S105 - a key of the session
TODAY: Any = TruncDate(Now())


def posts_held() -> Subquery:
    """Titles and places of the posts an account holds today, in one column."""
    held = (
        Holding.objects.filter(valid_on(TODAY), account=OuterRef("pk"))
        .order_by()
        .values("account")
        .annotate(
            all=StringAgg(
                Concat("post__unit__name", Value(" "), "post__title"), delimiter=Value("、")
            )
        )
    )
    return Subquery(held.values("all"))


def find(rows: QuerySet[Any], _actor: Actor, text: str) -> QuerySet[Any]:
    """By a part of the name, by user name or by phone number."""
    typed = clean_line(text)
    return rows.filter(
        Q(full_name__icontains=typed) | Q(username__istartswith=typed) | Q(phone=typed)
    )


def open_account(doing: Doing) -> str:
    """Opens it and shows the first password once."""
    account, secret = actions.open_account(actor=doing.actor, at=doing.at, **doing.data)
    return show_once(account, secret)


def reset_password(doing: Doing) -> str:
    """Sets a new first password and shows it once."""
    secret = actions.reset_password(actor=doing.actor, account=doing.row, at=doing.at)
    return show_once(doing.row, secret)


def show_once(account: Account, secret: str) -> str:
    """Keep the password, sealed, in the administrator's session until the next page shows it."""
    running.request.session[FIRST_PASSWORD] = [str(account.pk), sealed(secret)]
    return reverse("desk:staff_first_password")


@never_cache
def first_password(request: HttpRequest) -> HttpResponse:
    """The first password on screen and to print; gone when the page is left."""
    key, secret = request.session.pop(FIRST_PASSWORD, ("", ""))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    account = accounts(actor).filter(pk=key).first() if key else None
    if account is None:
        return HttpResponseRedirect(reverse("desk:staff"))
    try:
        plain = unsealed(secret)
    except InvalidToken:
        return HttpResponseRedirect(reverse("desk:staff"))
    address = request.build_absolute_uri(reverse("account_login"))
    shown = {"account": account, "password": plain, "address": address}
    return render(request, "access/first_password.html", shown)


def change_account(doing: Doing) -> None:
    """A name, a number, the place that looks after it."""
    actions.change_account(
        actor=doing.actor, account=doing.row, at=doing.at, expected=doing.expected, **doing.data
    )


def appoint(doing: Doing) -> None:
    """The person takes a post."""
    actions.appoint(actor=doing.actor, account=doing.row, at=doing.at, **doing.data)


def lock(doing: Doing) -> None:
    """No signing in any more."""
    actions.lock_account(
        actor=doing.actor, account=doing.row, reason=doing.data["reason"], at=doing.at
    )


def unlock(doing: Doing) -> None:
    """Signing in again."""
    actions.unlock_account(actor=doing.actor, account=doing.row, at=doing.at)


def reset_second_factor(doing: Doing) -> None:
    """A lost phone."""
    actions.reset_second_factor(
        actor=doing.actor, account=doing.row, reason=doing.data["reason"], at=doing.at
    )


def holdings_of(request: HttpRequest, row: Any) -> Mapping[str, Any]:
    """What the person holds, held and will hold, as far as the branch sees it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = holdings(actor).filter(account=row).select_related("post", "unit")
    return {"lines": found.order_by("-starts")[:50], "today": timezone.localdate(), "of": "account"}


class Staff(Register):
    """The register of accounts."""

    name = "staff"
    model = Account
    view_verb = Verb.VIEW_STAFF
    rows = staticmethod(accounts)
    search = staticmethod(find)
    columns = (
        Column("full_name", _("name of the person")),
        Column("username"),
        Masked("phone"),
        Column("posts", _("posts held today"), expression=posts_held(), css="clip"),
        Column("unit"),
        Column(
            "is_active",
            _("state"),
            needs=("is_active",),
            show=lambda row: _("May sign in") if row["is_active"] else _("Locked"),
        ),
    )
    filters = (
        Within("unit"),
        YesNo("active", _("may sign in"), Q(is_active=True)),
    )
    views = (
        View("active", _("May sign in"), "active=yes"),
        View("locked", _("Locked"), "active=no"),
        View("all", _("All")),
    )
    detail = (
        Facts(
            Fact("full_name", _("name of the person")),
            "username",
            Fact("phone", show=lambda row, _actor: phone_mask(row.phone) if row.phone else None),
            "email",
            "unit",
            "last_login",
            Fact(
                "second",
                _("second factor"),
                show=lambda row, _actor: _("set up") if has_second_factor(row) else _("none"),
            ),
        ),
        Template("access/parts/holdings.html", holdings_of, _("Posts")),
        Timeline(place="side"),
    )
    actions = (
        Action(
            Verb.OPEN_ACCOUNT, open_account, form=AccountForm, of="list", icon="user-plus",
            tone="primary",
        ),
        Action(Verb.APPOINT, appoint, form=AppointForm, icon="id-badge", tone="primary"),
        Action(Verb.CHANGE_ACCOUNT, change_account, form=AccountForm, icon="edit"),
        Action(
            Verb.RESET_PASSWORD, reset_password, icon="key",
            confirm=_("The present password stops working and every session ends."),
        ),
        Action(
            Verb.RESET_SECOND_FACTOR, reset_second_factor, form=ReasonForm, icon="device-mobile",
            about=_("Make sure that it is really this person who lost the phone."),
            when=lambda row, _actor: has_second_factor(row),
        ),
        Action(
            Verb.LOCK_ACCOUNT, lock, form=ReasonForm, icon="lock", tone="danger",
            about=_("Every session of the person ends at once."),
            when=lambda row, _actor: row.is_active,
            many=True,
        ),
        Action(
            Verb.UNLOCK_ACCOUNT, unlock, icon="lock-open",
            about=_("A lock after wrong passwords is lifted too."),
            many=True,
        ),
    )  # fmt: skip
    menu = Menu(_("Staff"), group="organisation", icon="users", order=10)
    empty = Empty(_("No account yet"), _("Accounts of people who work in your area stand here."))

    def title(self, row: Any) -> str:
        return str(row.full_name)

    def badges(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return "" if row.is_active else badge(str(_("Locked")), "danger", "lock")

    def summary(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return str(row.username)

    def detail_rows(self, actor: Actor) -> QuerySet[Any]:
        return accounts(actor).select_related("unit")


desk_urls = [path("staff/first-password/", first_password, name="staff_first_password")]
