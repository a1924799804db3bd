"""In which capacities an account may act: one for each branch its posts reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.platform.access.actor import Actor
from linli.platform.access.branch import NOWHERE
from linli.platform.access.models import Account, Grant, Holding, Post, Reach, Role, Unit, valid_on
from linli.platform.access.scope import acting


@dataclass(frozen=True, slots=True)
class Capacity:
    """A post and the top of a branch over which it holds verbs."""

    post: Post
    unit: Unit
    verbs: frozenset[str]
    reach: str
    needs_second_factor: bool = False

    @property
    def key(self) -> str:
        """How a session remembers the choice."""
        return f"{self.post.pk}.{self.unit.pk}"

    @property
    def title(self) -> str:
        """What the person sees in the switcher."""
        return f"{self.unit.name} · {self.post.title}"

    def actor(self, account: Account, *, channel: str = "desk") -> Actor:
        """The account acting in this capacity."""
        return Actor(
            name=account.full_name or account.username,
            branch=self.unit.branch if self.reach == Reach.BRANCH else NOWHERE,
            verbs=self.verbs,
            account_id=account.pk,
            post_id=self.post.pk,
            post_title=self.post.title,
            unit_id=self.unit.pk,
            unit_name=self.unit.name,
            level=self.unit.level,
            channel=channel,
        )


def capacities(account: Account, *, on: date) -> list[Capacity]:
    """Every capacity of the account on that day, widest branch first.

    Read as the system: the scope of an account cannot be known before this has been read.
    """
    with acting(Actor.system("capacities")):
        held = list(
            Holding.objects.filter(valid_on(on), account=account)
            .filter(valid_on(on, starts="post__opened", ends="post__closed"))
            .select_related("post__role", "post__unit")
        )
        posts = {holding.post.pk: holding.post for holding in held}
        lent = list(
            Grant.objects.filter(valid_on(on), post__in=posts).select_related("role", "unit")
        )
    granted: dict[tuple[UUID, UUID], tuple[Post, Unit, list[Role]]] = {}
    for post in posts.values():
        granted[post.pk, post.unit.pk] = (post, post.unit, [post.role])
    for grant in lent:
        post = posts[grant.post_id]
        granted.setdefault((post.pk, grant.unit_id), (post, grant.unit, []))[2].append(grant.role)
    found = [
        Capacity(
            post=post,
            unit=unit,
            verbs=frozenset(verb for role in roles for verb in role.verbs),
            reach=Reach.BRANCH if any(role.reach == Reach.BRANCH for role in roles) else Reach.OWN,
            needs_second_factor=any(role.needs_second_factor for role in roles),
        )
        for post, unit, roles in granted.values()
    ]
    return sorted(found, key=lambda capacity: (len(capacity.unit.key), capacity.title))


def choose(found: list[Capacity], key: str) -> Capacity | None:
    """The capacity remembered under `key`, else the first."""
    for capacity in found:
        if capacity.key == key:
            return capacity
    return found[0] if found else None
