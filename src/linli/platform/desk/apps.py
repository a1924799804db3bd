from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Tells Django of the app."""

    name = "linli.platform.desk"
    label = "desk"
    verbose_name = _("Registers")

    def ready(self) -> None:
        """Load what the modules describe."""
        from linli.platform.desk import notices, rules  # noqa: F401  they register

        # Every module's `desk.py` describes its registers, inbox, figures and search.
        autodiscover_modules("desk")
