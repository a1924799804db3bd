"""Forms of the verbs. Changes of the tree are looked at first, then confirmed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import LinliError
from linli.modules.divisions import desk_reads
from linli.modules.divisions.actions.planning import Order
from linli.modules.divisions.duties import Duty
from linli.modules.divisions.models import Kind, System
from linli.modules.divisions.previews import Preview, preview
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import Holding, Level, PostKind, Unit
from linli.platform.desk.public import ActionForm

LONGEST_NAME = 100
MOST_CHOICES = 2_000
MOST_FILE = 20 * 1024 * 1024


def day_field() -> forms.DateField:
    """From which day on."""
    return forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("A past day or today takes effect at once; a later day is planned."),
    )


class ChangeForm(ActionForm):
    """Base of the forms that change the tree: dated, looked at, then confirmed."""

    verb: str = ""
    grid_verb: str = ""

    on = day_field()
    confirmed = forms.BooleanField(
        label=_("I have seen what this changes"), required=False, widget=forms.HiddenInput
    )

    def build(self) -> None:
        self.preview: Preview | None = None
        self.fields["on"].initial = timezone.localdate()
        self.order_fields([name for name in self.fields if name not in {"on", "confirmed"}])
        self.ask()

    def ask(self) -> None:
        """Set choices."""

    def arguments(self) -> dict[str, Any]:
        """What the order carries, as plain data."""
        return {}

    def order(self) -> Order:
        """The order the form describes."""
        verb = self.grid_verb if self.row.level == Level.GRID else self.verb
        return Order(str(verb), self.row.pk, self.cleaned_data["on"], self.arguments())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.preview = preview(self.order())
        except (LinliError, ValueError) as error:
            raise forms.ValidationError(str(error)) from error
        self.fields["confirmed"].widget = forms.CheckboxInput()
        if not cleaned.get("confirmed"):
            self.add_error("confirmed", gettext("Look at what this changes, then confirm it here."))
        return cleaned

    def choose(self, name: str, units: Any, *, empty: str = "") -> None:
        """Fill a choice with units."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  by the declarations below
        chosen = [(str(unit.pk), _label(unit)) for unit in units[:MOST_CHOICES]]
        field.choices = ([("", empty)] if empty else []) + chosen


def _label(unit: Unit) -> str:
    return f"{unit.name}（{unit.parent.name}）" if unit.parent else unit.name


class OpenForm(ChangeForm):
    """A new unit below the row."""

    verb, grid_verb = Verb.OPEN, Verb.OPEN

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, required=False)
    code = forms.CharField(
        label=_("Statistics code"), max_length=15, required=False,
        help_text=_("As published; leave it empty while there is none."),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        return {
            "name": self.cleaned_data["name"],
            "kind": self.cleaned_data["kind"],
            "code": self.cleaned_data["code"],
            "level": min(self.row.level + 1, Level.COMMUNITY),
        }


class OpenGridForm(ChangeForm):
    """A new grid in the row, a community."""

    verb, grid_verb = Verb.OPEN_GRID, Verb.OPEN_GRID

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)

    def arguments(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "level": int(Level.GRID)}


class RenameForm(ChangeForm):
    """Another name."""

    verb, grid_verb = Verb.RENAME, Verb.RENAME_GRID

    name = forms.CharField(label=_("New name"), max_length=LONGEST_NAME)

    def arguments(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"]}


class CodeForm(ChangeForm):
    """Another code of one system."""

    verb, grid_verb = Verb.CHANGE_CODE, Verb.CHANGE_CODE

    system = forms.ChoiceField(label=_("Code system"), choices=System.choices)
    code = forms.CharField(label=_("New code"), max_length=15)

    def arguments(self) -> dict[str, Any]:
        return {"code": self.cleaned_data["code"], "system": self.cleaned_data["system"]}


class ParentForm(ChangeForm):
    """Another parent."""

    verb, grid_verb = Verb.CHANGE_PARENT, Verb.MOVE_GRID

    parent = forms.ChoiceField(label=_("Move under"))

    def ask(self) -> None:
        self.choose("parent", desk_reads.other_parents(self.actor, self.row))

    def arguments(self) -> dict[str, Any]:
        return {"parent": self.cleaned_data["parent"]}


class MergeForm(ChangeForm):
    """Others into this one, or all into a new one."""

    verb, grid_verb = Verb.MERGE, Verb.MERGE_GRIDS

    sources = forms.MultipleChoiceField(label=_("Merge with"))
    name = forms.CharField(
        label=_("Name of the new unit"), max_length=LONGEST_NAME, required=False,
        help_text=_("Leave it empty to merge them into this unit, which keeps its name."),
    )  # fmt: skip
    code = forms.CharField(label=_("Code of the new unit"), max_length=15, required=False)

    def ask(self) -> None:
        self.choose("sources", desk_reads.siblings(self.actor, self.row))

    def arguments(self) -> dict[str, Any]:
        return {
            "sources": self.cleaned_data["sources"],
            "name": self.cleaned_data["name"],
            "code": self.cleaned_data["code"],
        }


class CloseForm(ChangeForm):
    """Who takes over."""

    verb, grid_verb = Verb.CLOSE, Verb.CLOSE_GRID

    heir = forms.ChoiceField(label=_("What lies in it goes to"), required=False)

    def ask(self) -> None:
        units = desk_reads.siblings(self.actor, self.row)
        self.choose("heir", units, empty=gettext("the unit above it"))

    def arguments(self) -> dict[str, Any]:
        return {"heir": self.cleaned_data["heir"]}


class TodayForm(ActionForm):
    """Base of dated forms that need no preview."""

    on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))

    def build(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class BoundaryForm(TodayForm):
    """A polygon drawn on the map."""

    shape = forms.CharField(
        label=_("Boundary"), widget=forms.Textarea,
        error_messages={"required": _("Draw the boundary first.")},
    )  # fmt: skip

    def build(self) -> None:
        super().build()
        stored = desk_reads.shape_of(self.row)
        if stored and stored.get("type") == "Polygon":
            self.fields["shape"].initial = json.dumps(stored)

    def clean_shape(self) -> dict[str, Any]:
        """The polygon as data."""
        try:
            found = json.loads(self.cleaned_data["shape"])
        except ValueError as error:
            raise forms.ValidationError(_("The coordinates cannot be read.")) from error
        if isinstance(found, dict) and found.get("type") == "Feature":
            found = found.get("geometry")
        if not isinstance(found, dict):
            raise forms.ValidationError(_("This is not a polygon."))
        return found


class ImportForm(TodayForm):
    """A GeoJSON file of grids."""

    file = forms.FileField(
        label=_("GeoJSON file"),
        help_text=_(
            "A FeatureCollection; each feature has the properties “code” (15 digits of the grid, "
            "or 12 of its community) or “name”. Nothing is stored when there is any fault."
        ),
    )
    system = forms.ChoiceField(
        label=_("Coordinates"),
        choices=[
            ("wgs84", _("WGS84 (GPS, Tianditu)")), ("gcj02", _("GCJ-02 (Amap, Tencent)")),
            ("bd09", _("BD-09 (Baidu)")),
        ],
    )  # fmt: skip

    def clean_file(self) -> Any:
        """The collection as data."""
        file = self.cleaned_data["file"]
        if file.size > MOST_FILE:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        try:
            return json.loads(file.read().decode("utf-8-sig"))
        except ValueError as error:
            raise forms.ValidationError(_("The file is not GeoJSON in UTF-8.")) from error


class EstimateForm(TodayForm):
    """Households and buildings."""

    households = forms.IntegerField(label=_("Households"), min_value=0, max_value=1_000_000)
    buildings = forms.IntegerField(
        label=_("Buildings"), min_value=0, max_value=100_000, required=False
    )
    source = forms.CharField(label=_("Source"), max_length=120, required=False)


class WorkerForm(TodayForm):
    """Whom to place, and as what."""

    duty = forms.ChoiceField(label=_("Duty"), choices=Duty.choices)
    account = forms.ChoiceField(
        label=_("Person"), required=False, help_text=_("Leave it empty to create a vacant post.")
    )
    kind = forms.ChoiceField(label=_("Employment"), choices=PostKind.choices)
    remit = forms.CharField(
        label=_("Looks after"), max_length=120, required=False,
        help_text=_("Such as a building, or a group of households."),
    )  # fmt: skip

    def build(self) -> None:
        super().build()
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", gettext("vacant"))] + [
            (str(one.pk), f"{one.full_name}（{one.username}）")
            for one in desk_reads.people(self.actor)[:MOST_CHOICES]
        ]
        duty = self.fields["duty"]
        if isinstance(duty, forms.ChoiceField) and self.row.level != Level.GRID:
            duty.choices = [choice for choice in Duty.choices if choice[0] != Duty.GRID_WORKER]


class HoldingField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Somebody at their post."""

    def label_from_instance(self, obj: Any) -> str:
        post = f"{obj.post.title}（{obj.post.remit}）" if obj.post.remit else obj.post.title
        return f"{obj.account} · {post}"


class RelieveForm(ActionForm):
    """Who leaves which post here, and from which day on."""

    holding = HoldingField(
        label=_("Who"), queryset=Holding.objects.none(), widget=forms.RadioSelect,
        error_messages={"required": _("Choose who leaves the post.")},
    )  # fmt: skip
    ends = forms.DateField(
        label=_("From this day on no longer"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def build(self) -> None:
        today = timezone.localdate()
        who = self.fields["holding"]
        assert isinstance(who, HoldingField)  # noqa: S101  declared above
        who.queryset = desk_reads.holdings_here(self.actor, self.row, on=today)
        who.empty_label = None
        self.fields["ends"].initial = today


class NormForm(ActionForm):
    """A new value from a day on."""

    value = forms.DecimalField(label=_("New value"), max_digits=12, decimal_places=2, min_value=0)
    on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=_("Source"), max_length=200)

    def build(self) -> None:
        self.fields["on"].initial = date(timezone.localdate().year + 1, 1, 1)
