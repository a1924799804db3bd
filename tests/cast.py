"""The small cast of every test: one street, two communities, a clerk here, a clerk elsewhere.

    慈溪市 (city)
    ├── 浒山街道 (street)                street_officer, urban_management (own work only)
    │   ├── 青少年宫路社区 (community)    clerk, secretary
    │   │   └── 第一网格 (grid)          grid_worker
    │   └── 金山社区 (other_community)   other_clerk
    └── 古塘街道 (other_street)
        └── 舒苑社区 (far_community)     far_clerk
    stranger: an account without a post. resident: somebody without an account.

Every post's role holds every verb of the installation, so that a test of scope is about scope
alone; `cast.allow("clerk", Verb.A, Verb.B)` narrows a role where a test is about verbs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from linli.platform.access.actor import Actor
from linli.platform.access.capacities import capacities
from linli.platform.access.models import (
    Account,
    Holding,
    Level,
    Post,
    PostKind,
    Reach,
    Role,
    Unit,
)
from linli.platform.access.scope import acting
from linli.platform.changes.verbs import all_verbs, public_verbs

DAY = date(2026, 11, 20)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "Plum-Blossom-2026"

# name → (where, full name, post title, role, reach)
STAFF: dict[str, tuple[str, str, str, str, Reach]] = {
    "city_officer": ("city", "周立群", "社建办干部", "city_officer", Reach.BRANCH),
    "street_officer": ("street", "陈建国", "街道分拨员", "street_officer", Reach.BRANCH),
    "urban_management": ("street", "胡卫东", "城管中队", "urban_management", Reach.OWN),
    "secretary": ("community", "沈丽华", "社区书记", "secretary", Reach.BRANCH),
    "clerk": ("community", "王小芳", "社区工作者", "clerk", Reach.BRANCH),
    "other_clerk": ("other_community", "罗敏", "社区工作者", "clerk", Reach.BRANCH),
    "far_clerk": ("far_community", "徐静", "社区工作者", "clerk", Reach.BRANCH),
    "grid_worker": ("grid", "李强", "网格员", "grid_worker", Reach.BRANCH),
}

UNITS: dict[str, tuple[str | None, Level, str, str, str]] = {
    "city": (None, Level.COUNTY, "慈溪市", "33/02/82/", "cixishi"),
    "street": ("city", Level.STREET, "浒山街道", "33/02/82/001/", "hushanjiedao"),
    "other_street": ("city", Level.STREET, "古塘街道", "33/02/82/003/", "gutangjiedao"),
    "community": (
        "street", Level.COMMUNITY, "青少年宫路社区", "33/02/82/001/012/", "qingshaoniangonglushequ",
    ),
    "other_community": ("street", Level.COMMUNITY, "金山社区", "33/02/82/001/014/", "jinshanshequ"),
    "far_community": (
        "other_street", Level.COMMUNITY, "舒苑社区", "33/02/82/003/007/", "shuyuanshequ",
    ),
    "grid": ("community", Level.GRID, "第一网格", "33/02/82/001/012/001/", "diyiwangge"),
}  # fmt: skip


@dataclass
class Cast:
    """The units by name, the people by name, and who acts."""

    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    city: Unit = field(init=False)
    street: Unit = field(init=False)
    other_street: Unit = field(init=False)
    community: Unit = field(init=False)
    other_community: Unit = field(init=False)
    far_community: Unit = field(init=False)
    grid: Unit = field(init=False)
    city_officer: Account = field(init=False)
    street_officer: Account = field(init=False)
    urban_management: Account = field(init=False)
    secretary: Account = field(init=False)
    clerk: Account = field(init=False)
    other_clerk: Account = field(init=False)
    far_clerk: Account = field(init=False)
    grid_worker: Account = field(init=False)
    stranger: Account = field(init=False)

    def actor(self, name: str, *, channel: str = "desk") -> Actor:
        """Who acts under this name; "resident" has no account, "system" is the platform itself."""
        if name == "resident":
            return Actor.public(public_verbs())
        if name == "system":
            return Actor.system("test")
        account = self.accounts[name]
        found = capacities(account, on=DAY)
        if not found:
            return Actor(name=str(account), branch=Actor.public().branch, account_id=account.pk)
        return found[0].actor(account, channel=channel)

    def post(self, name: str) -> Post:
        """The post a person of the cast holds."""
        return self.posts[name]

    def allow(self, role: str, *verbs: str) -> None:
        """Let the role hold exactly these verbs."""
        self._set(role, [str(verb) for verb in verbs])

    def deny(self, role: str, *verbs: str) -> None:
        """Take verbs from the role."""
        taken = {str(verb) for verb in verbs}
        self._set(role, [verb for verb in self.roles[role].verbs if verb not in taken])

    def _set(self, role: str, verbs: list[str]) -> None:
        with acting(Actor.system("cast")):
            self.roles[role].verbs = verbs
            Role.objects.filter(pk=self.roles[role].pk).update(verbs=verbs)


def make_cast() -> Cast:
    """Store the cast in the database of the running test."""
    cast = Cast()
    with acting(Actor.system("cast")):
        for name, (parent, level, title, key, pinyin) in UNITS.items():
            unit = Unit.objects.create(
                parent=cast.units[parent] if parent else None,
                level=level,
                name=title,
                name_key=pinyin,
                key=key,
                opened=LONG_AGO,
            )
            cast.units[name] = unit
            setattr(cast, name, unit)
        everything = sorted(all_verbs())
        for number, (name, (where, full_name, title, role, reach)) in enumerate(STAFF.items()):
            if role not in cast.roles:
                cast.roles[role] = Role.objects.create(
                    slug=f"cast-{role.replace('_', '-')}", name=title, verbs=everything, reach=reach
                )
            phone = f"1390000{number:04d}"
            account = _account(cast, name, full_name, phone=phone, unit=cast.units[where])
            cast.posts[name] = _appoint(account, cast.units[where], title, cast.roles[role])
        _account(cast, "stranger", "石头", phone="")
    return cast


@lru_cache
def _hashed(password: str) -> str:
    return make_password(password)


def _account(
    cast: Cast, name: str, full_name: str, *, phone: str, unit: Unit | None = None
) -> Account:
    account = Account(username=f"cast_{name}", full_name=full_name, phone=phone)
    if unit is not None:
        account.place_in(unit)
    account.password = _hashed(PASSWORD)
    account.save()
    cast.accounts[name] = account
    setattr(cast, name, account)
    return account


def _appoint(account: Account, unit: Unit, title: str, role: Role) -> Post:
    post = Post(title=title, role=role, kind=PostKind.FULL_TIME, opened=LONG_AGO)
    post.place_in(unit)
    post.save()
    holding = Holding(post=post, account=account, starts=LONG_AGO)
    holding.place_in(unit)
    holding.save()
    return post


@pytest.fixture
def cast(db: Any) -> Cast:
    """The small cast, in this test's transaction."""
    return make_cast()


@pytest.fixture
def committed_cast(committed: Any) -> Cast:
    """The small cast, committed: for tests with threads or processes."""
    return make_cast()
