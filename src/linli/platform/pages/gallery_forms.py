"""A form with one field of every kind, for the gallery."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReportForm(forms.Form):
    """Nothing is done with it; it shows how fields look, empty and with errors."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[
            ("", _("Choose one")),
            (_("Roads"), [("road", _("Broken road surface")), ("lane", _("Blocked fire lane"))]),
            (_("Waste"), [("heap", _("Waste lying about")), ("bin", _("Overflowing bin"))]),
        ],
    )
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("Say what, where and since when. No names or ID numbers, please."),
        widget=forms.Textarea,
        max_length=500,
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("Only to ask back; it is never shown."),
        min_length=11,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    seen_on = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=[("low", _("It can wait")), ("mid", _("This week")), ("high", _("Today"))],
        widget=forms.RadioSelect,
        initial="mid",
    )
    tags = forms.MultipleChoiceField(
        label=_("Also affected"),
        choices=[("old", _("Old people")), ("child", _("Children")), ("car", _("Traffic"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    follow = forms.BooleanField(label=_("Tell me when something happens"), required=False)
    photo = forms.FileField(
        label=_("Photos"),
        required=False,
        help_text=_("Up to three; place and time inside the photo are removed."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    area = forms.DecimalField(label=_("Area"), required=False, min_value=0)
    locked = forms.CharField(
        label=_("Unit"), initial=_("Gutang community"), disabled=True, required=False
    )
