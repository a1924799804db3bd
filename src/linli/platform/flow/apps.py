from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlowConfig(AppConfig):
    """Tells Django of the app."""

    name = "linli.platform.flow"
    label = "flow"
    verbose_name = _("States and clocks")

    def ready(self) -> None:
        from linli.platform.flow import jobs  # noqa: F401  listens to the calendar
