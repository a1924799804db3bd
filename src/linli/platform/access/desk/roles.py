"""Roles, and the rule for signing in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.platform.access import actions
from linli.platform.access.actor import Actor
from linli.platform.access.desk.forms import RoleForm, SignInRuleForm, grouped_verbs
from linli.platform.access.models import Role, SignInRule
from linli.platform.access.reads import roles
from linli.platform.access.rules import Verb
from linli.platform.desk.public import (
    Action,
    Chosen,
    Column,
    Day,
    Doing,
    Fact,
    Facts,
    Menu,
    Number,
    Register,
    Template,
    Timeline,
)


def make_role(doing: Doing) -> Role:
    """A new role."""
    return actions.define_role(actor=doing.actor, at=doing.at, **doing.data)


def change_role(doing: Doing) -> None:
    """Another name, other rights."""
    actions.define_role(
        actor=doing.actor, slug=doing.row.slug, role=doing.row, at=doing.at,
        expected=doing.expected, **doing.data,
    )  # fmt: skip


def rights_of(_request: HttpRequest, row: Any) -> Mapping[str, Any]:
    """The role's rights, module by module, in words."""
    held = set(row.verbs)
    groups = [
        (module, [label for verb, label in verbs if verb in held])
        for module, verbs in grouped_verbs(Actor.system("rights"))
    ]
    return {"groups": [(module, labels) for module, labels in groups if labels]}


class Roles(Register):
    """The register of roles."""

    name = "roles"
    model = Role
    label = _("Roles")
    view_verb = Verb.VIEW_STAFF
    rows = staticmethod(roles)
    columns = (
        Column("name", _("role name")),
        Column("verbs", _("rights"), needs=("verbs",), show=lambda row: len(row["verbs"])),
        Chosen("reach"),
        Column(
            "needs_second_factor",
            needs=("needs_second_factor",),
            show=lambda row: _("demanded") if row["needs_second_factor"] else "—",
        ),
    )
    filters = ("reach",)
    detail = (
        Facts(
            Fact("name", _("role name")),
            Fact("slug", _("short name")),
            "reach",
            "needs_second_factor",
        ),
        Template("access/parts/rights.html", rights_of, _("Rights")),
        Timeline(place="side"),
    )
    actions = (
        Action(
            Verb.DEFINE_ROLE, make_role, form=RoleForm, of="list", icon="plus", tone="primary",
            label=_("New role"),
        ),
        Action(
            Verb.DEFINE_ROLE, change_role, form=RoleForm, icon="edit",
            label=_("Change the role"), slug="change_role",
            about=_("It changes at once for everybody whose post has this role."),
        ),
    )  # fmt: skip
    menu = Menu(_("Roles"), group="organisation", icon="key", order=50)


def rules(actor: Actor) -> QuerySet[SignInRule]:
    """Every rule, past and coming."""
    if actor.knows(Verb.SET_SIGN_IN_RULE) or actor.knows(Verb.VIEW_STAFF):
        return SignInRule.objects.all()
    return SignInRule.objects.none()


def set_rule(doing: Doing) -> SignInRule:
    """A rule from a day on."""
    return actions.set_sign_in_rule(actor=doing.actor, at=doing.at, **doing.data)


class SignInRules(Register):
    """What signing in asks for, from when."""

    name = "sign_in_rules"
    path = "sign-in-rules"
    model = SignInRule
    label = _("Sign-in rules")
    view_verb = Verb.SET_SIGN_IN_RULE
    rows = staticmethod(rules)
    columns = (
        Day("starts"),
        Number("password_length"),
        Number("failures"),
        Number("lock_minutes"),
        Number("session_hours"),
        Column("source", css="clip"),
    )
    filters = ()
    detail = (
        Facts("starts", "password_length", "failures", "lock_minutes", "session_hours", "source"),
        Timeline(place="side"),
    )
    actions = (
        Action(
            Verb.SET_SIGN_IN_RULE, set_rule, form=SignInRuleForm, of="list", icon="plus",
            tone="primary", label=_("New rule"),
        ),
    )  # fmt: skip
    menu = Menu(_("Sign-in rules"), group="settings", icon="shield-lock", order=70)
