"""In which capacities an account may act: one for each branch its posts reach."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import connection

from linli.platform.access.actor import Actor
from linli.platform.access.branch import NOWHERE, Branch
from linli.platform.access.models import Account, Reach


@dataclass(frozen=True, slots=True)
class Capacity:
    """A post and the top of a branch over which it holds verbs."""

    post_id: UUID
    post_title: str
    unit_id: UUID
    unit_name: str
    unit_key: str
    level: int
    verbs: frozenset[str]
    reach: str
    needs_second_factor: bool = False

    @property
    def key(self) -> str:
        """How a session remembers the choice."""
        return f"{self.post_id}.{self.unit_id}"

    @property
    def title(self) -> str:
        """What the person sees in the switcher."""
        return f"{self.unit_name} · {self.post_title}"

    def actor(self, account: Account, *, channel: str = "desk") -> Actor:
        """The account acting in this capacity."""
        return Actor(
            name=account.full_name or account.username,
            branch=Branch.of(self.unit_key) if self.reach == Reach.BRANCH else NOWHERE,
            verbs=self.verbs,
            account_id=account.pk,
            post_id=self.post_id,
            post_title=self.post_title,
            unit_id=self.unit_id,
            unit_name=self.unit_name,
            level=self.level,
            channel=channel,
        )


def capacities(account: Account, *, on: date) -> list[Capacity]:
    """Every capacity of the account on that day, widest branch first.

    A post with what it is lent over its own unit is one capacity; so is what it is lent elsewhere.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_capacities(%s, %s)", [account.pk, on])
        given = cursor.fetchall()
    found: dict[tuple[UUID, UUID], Capacity] = {}
    for *where, verbs, reach, second_factor in given:
        post_id, post_title, unit_id, unit_name, unit_key, level = where
        one = Capacity(
            post_id, post_title, unit_id, unit_name, unit_key, level,
            frozenset(verbs), reach, second_factor,
        )  # fmt: skip
        there = found.get((one.post_id, one.unit_id))
        found[one.post_id, one.unit_id] = one if there is None else _joined(there, one)
    return sorted(found.values(), key=lambda one: (len(one.unit_key), one.title))


def _joined(one: Capacity, other: Capacity) -> Capacity:
    """Both roles in the same unit: the wider reach, every verb, the stricter sign-in."""
    wider = Reach.BRANCH if Reach.BRANCH in (one.reach, other.reach) else Reach.OWN
    stricter = one.needs_second_factor or other.needs_second_factor
    return replace(one, verbs=one.verbs | other.verbs, reach=wider, needs_second_factor=stricter)


def choose(found: list[Capacity], key: str) -> Capacity | None:
    """The capacity remembered under `key`, else the first."""
    for capacity in found:
        if capacity.key == key:
            return capacity
    return found[0] if found else None
