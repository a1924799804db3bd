"""Who looks after a unit: posts in it and above it, and who holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from linli.modules.divisions.duties import Duty
from linli.platform.access.public import (
    Actor,
    Branch,
    Holding,
    Post,
    Unit,
    for_actor,
    keys_above,
    valid_on,
)


@dataclass(slots=True)
class Staffed:
    """A post and who holds it on the day asked about, as far as the asker may know."""

    post: Post
    holdings: list[Holding] = field(default_factory=list)


def posts_upward(unit: Unit, *, on: date, role: str = "") -> list[Post]:
    """Open posts of a unit and of everything above it, nearest first; of one role if given."""
    keys = keys_above(unit.key)
    rows = Post.objects.filter(
        valid_on(on, starts="opened", ends="closed"), unit_key__in=keys
    ).select_related("unit", "role")
    if role:
        rows = rows.filter(role__slug=role)
    return sorted(rows, key=lambda post: (-len(post.unit_key), post.title))


def workers_of(unit: Unit, actor: Actor, *, on: date, below: bool = False) -> list[Staffed]:
    """Open posts in a unit (with `below`, in its branch) and their holders in the actor's sight."""
    where = Branch.of(unit.key).where() if below else Q(unit=unit)
    open_posts = Post.objects.filter(where).filter(valid_on(on, starts="opened", ends="closed"))
    posts = {
        post.pk: Staffed(post)
        for post in open_posts.select_related("role", "unit").order_by("unit_key", "title")
    }
    held = for_actor(Holding.objects.filter(valid_on(on), post__in=posts), actor)
    for holding in held.select_related("account"):
        posts[holding.post_id].holdings.append(holding)
    return list(posts.values())


def staffed_keys(branch: Branch, actor: Actor, duty: Duty, *, on: date) -> set[str]:
    """Keys of the units in a branch where somebody holds a post of this duty on that day."""
    held = for_actor(Holding.objects.filter(valid_on(on), branch.where()), actor)
    return set(
        held.filter(post__role__slug=duty.value)
        .filter(valid_on(on, starts="post__opened", ends="post__closed"))
        .values_list("unit_key", flat=True)
    )
