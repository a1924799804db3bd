"""Registers of the catalogue: categories and time limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.modules.cases import actions, reads
from linli.modules.cases.desk import look
from linli.modules.cases.models import Category, Grade, SpanKind, TimeRule
from linli.modules.cases.rules import Verb
from linli.platform.desk import public as desk


class CategoryForm(desk.ActionForm):
    """What an office may change of a category."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    limit_amount = forms.IntegerField(label=_("Limit"), min_value=1, max_value=2000)
    limit_kind = forms.ChoiceField(label=_("Counted in"), choices=SpanKind.choices)
    filing_zh = forms.CharField(
        label=_("Filing conditions"), required=False, max_length=500, widget=forms.Textarea
    )
    stop_zh = forms.CharField(
        label=_("Stop-question"), required=False, max_length=200,
        help_text=_("Asked before anything else, e.g. whether somebody is in danger."),
    )  # fmt: skip
    stop_phone = forms.CharField(label=_("Number to call"), required=False, max_length=20)
    duplicate_radius_m = forms.IntegerField(
        label=_("Duplicate radius (m)"), min_value=0, max_value=5000
    )
    duplicate_days = forms.IntegerField(label=_("Duplicate days"), min_value=0, max_value=365)
    anonymous_allowed = forms.BooleanField(label=_("Anonymous reports allowed"), required=False)
    needs_proven_phone = forms.BooleanField(
        label=_("Proven number needed"), required=False,
        help_text=_(
            "On the residents' pages the number is proven by a code sent to it. While no "
            "text-message gateway is set, these reports are taken by telephone and at the window."
        ),
    )  # fmt: skip
    shown_publicly = forms.BooleanField(label=_("Shown to neighbours"), required=False)
    closed = forms.DateField(
        label=_("Closed from"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From this day on no new reports of this kind are taken."),
    )  # fmt: skip

    def build(self) -> None:
        for name, field in self.fields.items():
            field.initial = getattr(self.row, name)


def define_category(doing: desk.Doing) -> None:
    """Change a category."""
    actions.define_category(
        by=doing.actor, at=doing.at, category=doing.row, facts=dict(doing.data),
        expected=doing.expected,
    )  # fmt: skip


class Categories(desk.Register):
    """The kinds of cases."""

    name = "categories"
    path = "case-categories"
    model = Category
    label = _("Kinds of cases")
    rows = staticmethod(reads.catalogue)
    view_verb = Verb.VIEW
    lookup = "code"
    default_sort = "code"
    menu = desk.Menu(_("Kinds of cases"), group="settings", icon="category", order=20)
    columns = (
        desk.Column("code", sort=True),
        desk.Column("name", _("Name"), path="name", localized=True),
        desk.Column("group", _("Group"), path="group", localized=True),
        desk.Badge("grade", tones=look.GRADE_TONES, icons=look.GRADE_ICONS),
        desk.Number("limit_amount"),
        desk.Chosen("limit_kind"),
        desk.Column("handler_role", _("Role"), hidden=True),
        desk.YesNoColumn("anonymous_allowed", hidden=True),
        desk.YesNoColumn("needs_proven_phone", hidden=True),
        desk.Day("closed"),
    )
    filters = ("grade",)
    detail = (
        desk.Facts(
            "code", "name_zh", "name_en", "grade", "limit_amount", "limit_kind", "filing_zh",
            "stop_zh", desk.Fact("stop_phone", _("Number to call")), "anonymous_allowed",
            "needs_proven_phone", "shown_publicly", "duplicate_radius_m", "duplicate_days",
            "closed",
        ),
        desk.Timeline(),
    )  # fmt: skip
    actions = (
        desk.Action(Verb.DEFINE_CATEGORY, define_category, form=CategoryForm, icon="edit",
                    label=_("Change"), tone="primary",
                    about=_("Holds for reports from now on; running cases keep their limit.")),
    )  # fmt: skip

    def title(self, row: Any) -> str:
        """Code and name."""
        return f"{row.code} {row.name}"


class LimitForm(desk.ActionForm):
    """A new value from a day on."""

    amount = forms.IntegerField(label=_("Limit"), min_value=1, max_value=1000)
    starts = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def build(self) -> None:
        self.fields["amount"].initial = self.row.amount
        self.fields["amount"].help_text = self.row.get_kind_display()


def define_limit(doing: desk.Doing) -> TimeRule:
    """Put a new value in force."""
    return actions.define_limit(
        by=doing.actor, at=doing.at, rule=doing.row, starts=doing.data["starts"],
        amount=doing.data["amount"],
    )  # fmt: skip


def what_for(rule: TimeRule) -> str:
    """What the limit is for, in the reader's language."""
    return rule.label_en if (get_language() or "").startswith("en") else rule.label_zh


class TimeRules(desk.Register):
    """The dated limits of stages and windows."""

    name = "time_rules"
    path = "case-limits"
    model = TimeRule
    label = _("Time limits")
    rows = staticmethod(reads.time_rules)
    view_verb = Verb.VIEW
    default_sort = "name"
    menu = desk.Menu(_("Time limits"), group="settings", icon="clock", order=30)
    columns = (
        desk.Column("label", _("What for"), path="label", localized=True),
        desk.Number("amount", _("Limit")),
        desk.Chosen("kind", _("Counted in")),
        desk.Day("starts", _("In force from"), sort=True),
        desk.Day("ends", _("Until (not included)")),
        desk.Column("source", _("Source")),
        desk.Column("name", _("Key"), sort=True, hidden=True),
    )
    detail = (
        desk.Facts(
            desk.Fact("label", _("What for"), show=lambda rule, actor: what_for(rule)),
            desk.Fact("amount", _("Limit")),
            desk.Fact("kind", _("Counted in")), desk.Fact("starts", _("In force from")),
            desk.Fact("ends", _("Until (not included)")), desk.Fact("source", _("Source")),
        ),
        desk.Timeline(),
    )  # fmt: skip
    actions = (
        desk.Action(Verb.DEFINE_LIMIT, define_limit, form=LimitForm, icon="edit", tone="primary",
                    label=_("New value"), when=lambda rule, actor: rule.ends is None),
    )  # fmt: skip

    def title(self, row: Any) -> str:
        """What the limit is for."""
        return what_for(row)
