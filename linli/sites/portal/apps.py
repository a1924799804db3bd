from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitePortalConfig(AppConfig):
    name = "linli.sites.portal"
    label = "site_portal"
    verbose_name = _("Residents' pages")
