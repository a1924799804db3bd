"""Django's entry for the files app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Attachments."""

    name = "linli.platform.files"
    label = "files"
    verbose_name = _("Attachments")

    def ready(self) -> None:
        """Make the verbs known."""
        from linli.platform.files import rules  # noqa: F401
