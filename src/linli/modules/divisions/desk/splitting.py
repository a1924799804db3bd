"""The form of a split: as many parts as wanted, another one by a button, without scripts too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.modules.divisions import desk_reads
from linli.modules.divisions.desk.forms import LONGEST_NAME, ChangeForm
from linli.modules.divisions.rules import Verb

LEAST_PARTS, MOST_PARTS = 2, 20


class SplitForm(ChangeForm):
    """Each part with its name; every unit below goes to one of them.

    The buttons “more” and “fewer” send the form back with another part or without the last one:
    nothing is checked yet, all that was typed stays.
    """

    verb, grid_verb = Verb.SPLIT, Verb.SPLIT_GRID

    parts = forms.IntegerField(
        label=_("Parts"), min_value=LEAST_PARTS, max_value=MOST_PARTS, widget=forms.HiddenInput
    )

    def ask(self) -> None:
        self.growing = "more" in self.data or "fewer" in self.data
        self.count = self._count()
        self.fields["parts"].initial = self.count
        for number in range(self.count):
            self.fields[f"name_{number}"] = forms.CharField(
                label=gettext("Name of part %(number)s") % {"number": number + 1},
                max_length=LONGEST_NAME,
            )
            self.fields[f"code_{number}"] = forms.CharField(
                label=gettext("Code of part %(number)s") % {"number": number + 1},
                max_length=15, required=False,
            )  # fmt: skip
        choices = [
            (str(number), gettext("part %(number)s") % {"number": number + 1})
            for number in range(self.count)
        ]
        for unit in desk_reads.children_today(self.row):
            self.fields[f"unit_{unit.pk}"] = forms.ChoiceField(label=unit.name, choices=choices)
        self.fields["rest"] = forms.ChoiceField(
            label=_("What lies in the unit itself goes to"), choices=choices
        )
        self.order_fields([name for name in self.fields if name not in {"on", "confirmed"}])

    def full_clean(self) -> None:
        """Check nothing while parts are still added or taken away."""
        if self.growing:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        """Ready only when no part is being added or taken away."""
        return not self.growing and super().is_valid()

    def clean(self) -> dict[str, Any]:
        names = [self.cleaned_data.get(f"name_{number}") for number in range(self.count)]
        for number, name in enumerate(names):
            if name and name in names[:number]:
                self.add_error(f"name_{number}", gettext("Another part has this name."))
        return super().clean()

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        below = {name[5:]: value for name, value in given.items() if name.startswith("unit_")}
        return {
            "parts": [
                {
                    "name": given[f"name_{number}"],
                    "code": given[f"code_{number}"],
                    "children": [pk for pk, part in below.items() if part == str(number)],
                }
                for number in range(given["parts"])
            ],
            "rest": int(given["rest"]),
        }

    @property
    def named(self) -> list[tuple[Any, Any]]:
        """Name and code of each part."""
        return [(self[f"name_{n}"], self[f"code_{n}"]) for n in range(self.count)]

    @property
    def below(self) -> list[Any]:
        """Where each unit below goes."""
        return [self[name] for name in self.fields if name.startswith("unit_")]

    @property
    def may_grow(self) -> bool:
        """Whether another part is allowed."""
        return self.count < MOST_PARTS

    @property
    def may_shrink(self) -> bool:
        """Whether the last part may be taken away."""
        return self.count > LEAST_PARTS

    def _count(self) -> int:
        text = str(self.data.get("parts", ""))
        told = int(text) if text.isdecimal() and len(text) < len("100") else LEAST_PARTS
        told += ("more" in self.data) - ("fewer" in self.data)
        return min(max(told, LEAST_PARTS), MOST_PARTS)
