"""Django's entry for the jobs app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Work queued with the change that asks for it."""

    name = "linli.platform.jobs"
    label = "jobs"
    verbose_name = _("Jobs")
