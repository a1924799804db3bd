"""Norms in force on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from linli.modules.divisions.models import Norm
from linli.platform.access.public import valid_on


def norms_on(day: date) -> dict[str, Norm]:
    """Every norm in force on a day by its slug, such as `community.households.most`."""
    return {norm.slug: norm for norm in Norm.objects.filter(valid_on(day))}


def norm_on(slug: str, day: date) -> Decimal | None:
    """The value of one norm on a day, None where none was in force."""
    return Norm.objects.filter(valid_on(day), slug=slug).values_list("value", flat=True).first()
