from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteDeskConfig(AppConfig):
    """The desk."""

    name = "linli.sites.desk"
    label = "site_desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        """Hang the frame around every page."""
        from linli.sites.desk import frame  # noqa: F401
