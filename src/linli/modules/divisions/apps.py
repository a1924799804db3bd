from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DivisionsConfig(AppConfig):
    """The module as Django knows it."""

    name = "linli.modules.divisions"
    label = "divisions"
    verbose_name = _("Divisions")
