"""The form in which a person chooses how to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.platform.notices.reads import Choice


class PreferencesForm(forms.Form):
    """Two boxes a kind, and the language of e-mails."""

    language = forms.ChoiceField(label=_("Language of e-mails"))

    def __init__(
        self, *args: Any, choices: Sequence[Choice], language: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = list(choices)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [(code, label) for code, label in settings.LANGUAGES]
        field.initial = language or settings.LANGUAGE_CODE
        for choice in self.kinds:
            self.fields[in_app_field(choice)] = forms.BooleanField(
                label=_("On these pages"), required=False, initial=choice.in_app
            )
            self.fields[email_field(choice)] = forms.BooleanField(
                label=_("By e-mail"), required=False, initial=choice.email
            )

    def chosen(self) -> list[tuple[Choice, bool, bool]]:
        """Every kind with what was chosen: on the pages, by e-mail. The form must be valid."""
        return [
            (
                choice,
                self.cleaned_data[in_app_field(choice)],
                self.cleaned_data[email_field(choice)],
            )
            for choice in self.kinds
        ]


def in_app_field(choice: Choice) -> str:
    """The name of the box “on these pages” of a kind."""
    return f"{choice.kind.name}.in_app"


def email_field(choice: Choice) -> str:
    """The name of the box “by e-mail” of a kind."""
    return f"{choice.kind.name}.email"
