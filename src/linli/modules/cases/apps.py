from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Tells Django of the app."""

    name = "linli.modules.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from linli.modules.cases import listeners, rules, states  # noqa: F401  they register
