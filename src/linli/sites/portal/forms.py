"""What residents fill in. The rules are those of the cases module; here are the words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.kernel.numbers import parse_number
from linli.kernel.text import clean, clean_line

LONGEST_PLACE = 200
LONGEST_NAME = 30
STARS = ("1", "2", "3", "4", "5")
TEL = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code"}
MAIL = {"type": "email", "autocomplete": "email", "inputmode": "email"}


class Fields(forms.Form):
    """A form whose faults may also come from an action."""

    def add_faults(self, faults: Mapping[str, str]) -> None:
        """Put each sentence at its field; what has no field here stands above the form."""
        for name, sentence in faults.items():
            self.add_error(name if name in self.fields else None, sentence)

    def take(self, error: Invalid) -> None:
        """`add_faults` of a named error."""
        self.add_faults(error.faults)


class WhereForm(Fields):
    """A point, or a community; and words to find it."""

    lng = forms.FloatField(label=_("Place on the map"), required=False)
    lat = forms.FloatField(label=_("Place on the map"), required=False)
    place = forms.CharField(
        label=_("Address, or how to find it"),
        help_text=_("For example: entrance of building 18, next to the bicycle shed."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_place(self) -> str:
        """One line of words."""
        place = clean_line(self.cleaned_data["place"])
        if len(place) > LONGEST_PLACE:
            raise forms.ValidationError(_("At most 200 characters, please."))
        return place


class WhatForm(Fields):
    """The matter in words, and the questions of its kind."""

    text = forms.CharField(
        label=_("What is the matter?"),
        help_text=_("Say what you see and since when. No names or ID numbers of others, please."),
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, questions: list[dict[str, str]], english: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question["key"]] = forms.CharField(
                label=question["en" if english else "zh"], required=False, max_length=200
            )
        self.asked = [question["key"] for question in questions]

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by the question's key."""
        given = {key: clean(self.cleaned_data.get(key, "")) for key in self.asked}
        return {key: value for key, value in given.items() if value}


class ContactForm(Fields):
    """How to reach the reporter."""

    name = forms.CharField(
        label=_("How may we call you?"),
        help_text=_("A family name is enough."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("Only to ask back about this report. It is never shown."),
        required=False,
        widget=forms.TextInput(attrs=TEL),
    )
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("If you want to be told when something happens."),
        required=False,
        widget=forms.TextInput(attrs=MAIL),
    )

    prove = forms.BooleanField(
        label=_("Send me a code to prove this number"),
        help_text=_("Then you find all your reports with this number, from any phone."),
        required=False,
    )

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return clean_line(self.cleaned_data["phone"]).replace(" ", "")

    def clean_email(self) -> str:
        return clean_line(self.cleaned_data["email"])


class PhoneForm(Fields):
    """The mobile number a code is sent to."""

    phone = forms.CharField(
        label=_("Your mobile number"),
        help_text=_("We send a code of six digits to it."),
        required=False,
        widget=forms.TextInput(attrs=TEL),
    )

    def clean_phone(self) -> str:
        return clean_line(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")


class PhoneCodeForm(Fields):
    """The six digits of the text message."""

    phone_code = forms.CharField(
        label=_("Code from the message"),
        required=False,
        widget=forms.TextInput(attrs=CODE),
    )

    def clean_phone_code(self) -> str:
        """Plain digits; a slip of the finger does not count as a try."""
        typed = clean_line(self.cleaned_data["phone_code"]).replace(" ", "").replace("-", "")
        if not re.fullmatch(r"[0-9]{6}", typed):
            raise forms.ValidationError(_("Type the six digits of the message."))
        return typed


class FollowForm(ContactForm):
    """Following a case somebody else reported."""

    words = forms.CharField(
        label=_("Anything to add?"), required=False, widget=forms.Textarea, max_length=2000
    )


class SendForm(Fields):
    """The last press. `website` is left empty by people: they do not see it."""

    website = forms.CharField(label=_("Leave this field empty"), required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def clean_website(self) -> str:
        """Refuse what only machines fill in."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Please leave this field empty. It is there to keep machines out.")
            )
        return ""


class LookUpForm(Fields):
    """The number of a case, typed in any usual way."""

    number = forms.CharField(
        label=_("Number of your report"),
        help_text=_("It stands on your receipt. Spaces and dashes do not matter."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        """The bare number; a wrong check digit is told."""
        typed = self.cleaned_data["number"].strip()
        if not typed:
            raise forms.ValidationError(_("Type the number of your report."))
        try:
            return parse_number(typed)
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from error


class CodeForm(Fields):
    """The six digits of the receipt."""

    code = forms.CharField(
        label=_("Code of the receipt"),
        help_text=_("Six digits. They stand below the number on your receipt."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """Plain digits, however they were typed."""
        return clean_line(self.cleaned_data["code"]).replace(" ", "").replace("-", "")


class RateForm(Fields):
    """One of five answers, and words."""

    stars = forms.ChoiceField(
        label=_("How satisfied are you?"),
        choices=[(one, one) for one in STARS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the five answers."),
            "invalid_choice": _("Choose one of the five answers."),
        },
    )
    words = forms.CharField(
        label=_("Do you want to add something?"),
        required=False,
        widget=forms.Textarea,
        max_length=500,
        error_messages={"max_length": _("At most 500 characters, please.")},
    )


class ReasonForm(Fields):
    """Why something is taken back or opened again."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea,
        max_length=500,
        error_messages={
            "required": _("Please say why, in a few words."),
            "max_length": _("At most 500 characters, please."),
        },
    )


class AddForm(Fields):
    """More words, more photos."""

    words = forms.CharField(
        label=_("What do you want to add?"), required=False, widget=forms.Textarea
    )
    photos = forms.FileField(label=_("Photos"), required=False)
