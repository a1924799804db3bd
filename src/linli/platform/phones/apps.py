"""Django's entry for the proofs of telephone numbers."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PhonesConfig(AppConfig):
    """Telephone numbers proven by a code."""

    name = "linli.platform.phones"
    label = "phones"
    verbose_name = _("Telephone numbers")
