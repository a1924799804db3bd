"""What the tree does by itself."""

from __future__ import annotations

from django.utils import timezone

from linli.modules.divisions.actions.planning import carry_out_due
from linli.modules.divisions.actions.rehome import mend
from linli.platform.access.public import Actor, acting
from linli.platform.jobs.public import every


@every("2-59/15 16,17 * * *")
def carry_out_plans_later() -> None:
    """Carry out what is planned for the day, from two minutes past midnight in China."""
    carry_out_due(at=timezone.now())


@every("*/10 * * * *")
def mend_places_later() -> None:
    """Put right rows that were stored while the tree changed under them."""
    with acting(Actor.system("divisions.mend")):
        mend()
