from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteDeskConfig(AppConfig):
    name = "linli.sites.desk"
    label = "site_desk"
    verbose_name = _("Desk")
