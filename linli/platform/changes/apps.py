from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChangesConfig(AppConfig):
    """Tells Django of the app."""

    name = "linli.platform.changes"
    label = "changes"
    verbose_name = _("Changes and their trail")
