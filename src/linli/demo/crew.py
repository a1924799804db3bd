"""Who works in the demonstration city: posts, the people who hold them, and how each acts."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from linli.demo import names
from linli.kernel.text import initials
from linli.platform.access.actor import Actor
from linli.platform.access.capacities import Capacity
from linli.platform.access.models import Account, Holding, Post, PostKind, Role, Unit
from linli.platform.access.reads import keys_above
from linli.platform.access.rules import Verb
from linli.platform.changes.public import bulk_create

SYSTEM = Actor.system("demo")
UNUSABLE = make_password(None)
# The report on Cixi's communities, 2009: full-time workers in its 48 communities.
FULL_TIME_IN_THE_48 = 369
HOUSEHOLDS_A_GROUP = 400
STREET_ROLES = (
    "street-dispatcher", "street-urban-management", "street-safety", "street-construction",
    "street-judicial", "police-post",
)  # fmt: skip
CITY_ROLES = ("city-office", "city-supervisor", "auditor", "hotline-clerk", "hotline-clerk")


@dataclass(frozen=True, slots=True)
class Member:
    """A post, who holds it, and how that person acts."""

    post: Post
    account: Account
    actor: Actor


@dataclass(slots=True)
class Wanted:
    """A post to be opened and held."""

    unit: Unit
    role: str
    kind: str = PostKind.FULL_TIME
    remit: str = ""
    username: str = ""
    full_name: str = ""


@dataclass
class Crew:
    """Everybody at work, found by role and place."""

    members: dict[tuple[str, str], list[Member]] = field(default_factory=lambda: defaultdict(list))

    def at(self, role: str, key: str) -> list[Member]:
        """Who holds a post with this role in exactly this unit."""
        return self.members.get((role, key), [])

    def nearest(self, role: str, key: str) -> list[Member]:
        """Who holds such a post in the unit or the nearest unit above it that has one."""
        for one in keys_above(key):
            found = self.members.get((role, one))
            if found:
                return found
        return []


def posts_of(
    city: Unit,
    streets: Sequence[Unit],
    communities: Sequence[Unit],
    grids: Sequence[Unit],
    *,
    first: frozenset[Any],
    households: Callable[[Unit], int],
    dice: random.Random,
) -> list[Wanted]:
    """Every post of the city; `first` are the keys of the 48 communities of 2009."""
    wanted = [Wanted(city, role) for role in CITY_ROLES]
    wanted += [Wanted(street, role) for street in streets for role in STREET_ROLES]
    for community in communities:
        wanted.append(Wanted(community, "community-secretary"))
        many = 3 if community.key in first else dice.choice((1, 1, 2))
        wanted += [Wanted(community, "community-worker") for _post in range(many)]
    in_first = [grid for grid in grids if _community(grid) in first]
    spare = FULL_TIME_IN_THE_48 - 4 * len(first)
    full = {grid.key for grid in dice.sample(in_first, min(spare, len(in_first)))}
    for grid in grids:
        inside = _community(grid) in first
        whole = grid.key in full if inside else dice.random() < 0.35
        kind = PostKind.FULL_TIME if whole else PostKind.PART_TIME
        wanted.append(Wanted(grid, "grid-worker", kind))
        groups = max(1, round(households(grid) / HOUSEHOLDS_A_GROUP))
        wanted += [
            Wanted(grid, "group-leader", PostKind.VOLUNTARY, f"第{number}居民小组")
            for number in range(1, groups + 1)
        ]
    return wanted


def reserve(wanted: Sequence[Wanted], key: str, role: str, username: str, full_name: str) -> None:
    """Give the first such post in the unit to somebody who can sign in."""
    for one in wanted:
        if one.role == role and one.unit.key == key and not one.username:
            one.username, one.full_name = username, full_name
            return
    raise LookupError(f"no post for {username}: {role} in {key}")


def hire(wanted: Sequence[Wanted], *, password: str, at: datetime, dice: random.Random) -> Crew:
    """Open the posts, open an account for each, appoint; the bulk twins of the three actions.

    Only reserved accounts can sign in, with `password`; the others have none.
    """
    hashed = make_password(password)
    roles = {role.slug: role for role in Role.objects.all()}
    day = timezone.localdate(at)
    opened = date(2020, 1, 1)
    posts, accounts, holdings = [], [], []
    taken: set[str] = set()
    for one in wanted:
        role = roles[one.role]
        post = Post(title=role.name, role=role, kind=one.kind, remit=one.remit, opened=opened)
        post.place_in(one.unit)
        name = one.full_name or names.person(dice)
        account = Account(full_name=name, username=one.username or _username(name, taken))
        account.password = hashed if one.username else UNUSABLE
        account.place_in(one.unit)
        starts = max(opened, day - timedelta(days=dice.randint(30, 1800)))
        holding = Holding(post=post, account=account, starts=starts)
        holding.place_in(one.unit)
        posts.append(post)
        accounts.append(account)
        holdings.append(holding)
    bulk_create(posts, by=SYSTEM, verb=Verb.OPEN_POST, at=at, facts=_of_post)
    bulk_create(accounts, by=SYSTEM, verb=Verb.OPEN_ACCOUNT, at=at, facts=_of_account)
    bulk_create(holdings, by=SYSTEM, verb=Verb.APPOINT, at=at, facts=_of_holding)
    return crew_of(holdings)


def crew_of(holdings: Iterable[Holding]) -> Crew:
    """How everybody acts who holds one of these posts."""
    crew = Crew()
    verbs: dict[str, frozenset[str]] = {}
    for holding in holdings:
        post = holding.post
        held = verbs.setdefault(post.role.slug, frozenset(post.role.verbs))
        unit = post.unit
        capacity = Capacity(
            post.pk, post.title, unit.pk, unit.name, unit.key, unit.level, held, post.role.reach
        )
        member = Member(post, holding.account, capacity.actor(holding.account))
        crew.members[post.role.slug, post.unit_key].append(member)
    return crew


def _community(grid: Unit) -> str:
    return grid.key.rstrip("/").rsplit("/", 1)[0] + "/"


def _username(name: str, taken: set[str]) -> str:
    stem = initials(name).lower() or "ren"
    number = 1
    while f"{stem}{number:02d}" in taken:
        number += 1
    found = f"{stem}{number:02d}"
    taken.add(found)
    return found


def _of_post(post: Post) -> dict[str, Any]:
    return {"title": post.title, "unit": post.unit.name, "role": post.role.name}


def _of_account(account: Account) -> dict[str, Any]:
    return {"username": account.username, "unit": account.unit.name if account.unit else ""}


def _of_holding(holding: Holding) -> dict[str, Any]:
    post = holding.post
    return {
        "post": post.title, "unit": post.unit.name, "starts": holding.starts, "ends": holding.ends,
    }  # fmt: skip
