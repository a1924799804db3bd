"""Who looks after a grid or community: grid workers, group leaders, building leaders, workers."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.divisions.actions import history
from linli.modules.divisions.duties import Duty, title_of
from linli.modules.divisions.rules import Verb
from linli.platform.access import actions as access
from linli.platform.access.public import (
    Account,
    Actor,
    Holding,
    Level,
    Post,
    PostKind,
    Role,
    Unit,
    acting_as_needed,
)
from linli.platform.changes.public import note


def place_worker(
    *, by: Actor, at: datetime, unit: Unit, duty: str, on: date, account: Account | None = None,
    kind: str = PostKind.FULL_TIME, title: str = "", remit: str = "",
) -> Post:  # fmt: skip
    """Open a post for a duty in a unit and, when `account` is given, appoint that person to it.

    `remit` says what of the unit the post looks after, such as a building or a group of households.
    Raises `Invalid("duty")` where the duty does not exist, besides what the directory of posts
    refuses.
    """
    wanted = Duty(duty)
    role = Role.objects.filter(slug=wanted.value).first()
    if role is None:
        raise Invalid("duty", _("No role is defined for this duty yet."))
    if wanted == Duty.GRID_WORKER and unit.level != Level.GRID:
        raise Invalid("duty", _("A grid worker is placed in a grid."))
    with acting_as_needed(by):
        history.require_open(unit, on)
        facts = {"on": on, "duty": title_of(wanted), "person": str(account) if account else ""}
        note(unit, by=by, verb=Verb.PLACE_WORKER, at=at, facts=facts)
        post = access.open_post(
            actor=by, unit=unit, title=title or title_of(wanted), role=role, opened=on, at=at,
            kind=kind, remit=remit,
        )  # fmt: skip
        if account is not None:
            access.appoint(actor=by, account=account, post=post, starts=on, at=at)
        return post


def relieve_worker(*, by: Actor, at: datetime, holding: Holding, on: date) -> None:
    """The person no longer holds the post from `on`; the post stays and stands vacant."""
    with acting_as_needed(by):
        unit = Unit.objects.get(pk=holding.unit_id)
        facts = {"on": on, "person": str(holding.account), "post": holding.post.title}
        note(unit, by=by, verb=Verb.RELIEVE_WORKER, at=at, facts=facts)
        access.release(actor=by, holding=holding, ends=on, at=at)
