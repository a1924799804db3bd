"""The duties people have in grids and communities, by the slug of the role that stands for each."""

from __future__ import annotations

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    """Slugs of roles."""

    GRID_WORKER = "grid-worker", _("grid worker")
    GROUP_LEADER = "group-leader", _("residents' group leader")
    BUILDING_LEADER = "building-leader", _("building leader")
    COMMUNITY_WORKER = "community-worker", _("community worker")


def title_of(duty: Duty) -> str:
    """The title of a post for this duty, as it is stored: in the language of the service."""
    with translation.override("zh-hans"):
        return str(duty.label)
