"""A Django form field as the form components want it: one flat value, no template logic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField

INPUT_TYPES = ("text", "number", "email", "url", "password", "search", "date", "time", "tel")


@dataclass(frozen=True)
class Choice:
    """One option of a select, radio or check group; `hint` is a second line under it."""

    value: str
    label: str
    hint: str = ""
    group: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Described:
    """Everything a component needs to draw one field."""

    kind: str
    type: str
    name: str
    id: str
    label: str
    value: Any
    help: str
    errors: Sequence[str]
    required: bool
    disabled: bool
    choices: Sequence[Choice] = ()
    attrs: dict[str, Any] = field(default_factory=dict)
    max_length: int | None = None


KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checks"),
    (forms.RadioSelect, "radios"),
    (forms.NullBooleanSelect, "select"),
    (forms.SelectMultiple, "multiple"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "check"),
    (forms.FileInput, "file"),
    (forms.DateTimeInput, "text"),
)


def described(bound: BoundField) -> Described:
    """Describe one bound form field; widgets' own templates are never used."""
    widget = bound.field.widget
    kind = next((name for cls, name in KINDS if isinstance(widget, cls)), "text")
    return Described(
        kind=kind,
        type=input_type(widget),
        name=bound.html_name,
        id=bound.id_for_label or f"id_{bound.html_name}",
        label=str(bound.label),
        value="" if kind == "file" else shown(bound),
        help=str(bound.help_text or ""),
        errors=[str(error) for error in bound.errors],
        required=bound.field.required,
        disabled=bound.field.disabled,
        choices=choices(bound),
        attrs={k: v for k, v in widget.attrs.items() if k not in ("required", "maxlength")},
        max_length=getattr(bound.field, "max_length", None),
    )


def input_type(widget: forms.Widget) -> str:
    """The HTML input type that gives the right keyboard and picker."""
    if isinstance(widget, forms.DateTimeInput):
        return "datetime-local"
    if isinstance(widget, forms.DateInput):
        return "date"
    if isinstance(widget, forms.TimeInput):
        return "time"
    kind = str(widget.attrs.get("type") or getattr(widget, "input_type", "") or "text")
    return kind if kind in INPUT_TYPES else "text"


def shown(bound: BoundField) -> Any:
    """The value as the browser's control takes it (ISO for dates and times)."""
    value = bound.value()
    if value is None:
        return ""
    if isinstance(bound.field.widget, forms.DateTimeInput) and hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def choices(bound: BoundField) -> list[Choice]:
    """Options with the chosen ones marked; groups keep their name."""
    options = getattr(bound.field, "choices", None)
    if options is None:
        return []
    value = bound.value()
    many = isinstance(value, (list, tuple, set))
    chosen = {str(one) for one in value} if many else {str("" if value is None else value)}
    hints: dict[str, str] = getattr(bound.field.widget, "hints", {})
    found: list[Choice] = []
    for key, label in options:
        inner = label if isinstance(label, (list, tuple)) else [(key, label)]
        group = str(key) if isinstance(label, (list, tuple)) else ""
        found += [
            Choice(str(k), str(text), str(hints.get(str(k), "")), group, str(k) in chosen)
            for k, text in inner
        ]
    return found
