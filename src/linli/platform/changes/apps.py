from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChangesConfig(AppConfig):
    """Tells Django of the app."""

    name = "linli.platform.changes"
    label = "changes"
    verbose_name = _("Changes and their trail")

    def ready(self) -> None:
        """Make the verb known that opens the trail."""
        from linli.platform.changes import rules  # noqa: F401
