from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Tells Django of the app."""

    name = "linli.platform.access"
    label = "access"
    verbose_name = _("Accounts and scope")

    def ready(self) -> None:
        from linli.platform.access import listeners, rules  # noqa: F401  registers verbs, listens
