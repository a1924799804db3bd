"""Django's entry for the residents' pages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitePortalConfig(AppConfig):
    """Residents' pages."""

    name = "linli.sites.portal"
    label = "site_portal"
    verbose_name = _("Residents' pages")

    def ready(self) -> None:
        """Hang the frame around every page."""
        from linli.sites.portal import frame  # noqa: F401
