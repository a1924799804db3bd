"""Forms of lists as such."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.platform.desk.doing import ActionForm

FILE_KINDS = (("xlsx", _("Excel workbook")), ("csv", _("CSV file")))


class ExportForm(forms.Form):
    """What an export is for, and in which form."""

    purpose = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Stands in the file and in the trail, for example: monthly report."),
        max_length=200,
    )
    form = forms.ChoiceField(
        label=_("Kind of file"),
        choices=FILE_KINDS,
        initial="xlsx",
        widget=forms.RadioSelect,
    )


class ReasonForm(ActionForm):
    """One field: the reason, which the life cycle asks for."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
