"""Django's entry for the notices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """In-app notices and e-mail."""

    name = "linli.platform.notices"
    label = "notices"
    verbose_name = _("Notices")
