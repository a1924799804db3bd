"""Who holds a post and how much it has in hand, so that a dispatcher can choose between namesakes.

Both are told of posts in the reader's branch only; of others everybody knows title and unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.modules.cases.models import Case
from linli.modules.cases.states import HELD
from linli.platform.access.actor import Actor
from linli.platform.access.branch import Branch
from linli.platform.access.models import Holding, Level, Post, valid_on


@dataclass(frozen=True, slots=True)
class Standing:
    """A post as a dispatcher sees it. `holders` is None for a post beyond the reader's branch.

    `in_hand` counts the cases dispatched to the post and not yet finished; None where the reader
    does not see all the places the post serves.
    """

    holders: tuple[str, ...] | None = None
    in_hand: int | None = None

    @property
    def words(self) -> str:
        """As one phrase; "" where nothing may be told."""
        parts = []
        if self.holders is not None:
            parts.append(_(", ").join(self.holders) or _("vacant"))
        if self.in_hand is not None:
            told = ngettext("%(count)d case in hand", "%(count)d cases in hand", self.in_hand)
            parts.append(told % {"count": self.in_hand})
        return _("; ").join(parts)


def with_standing(posts: QuerySet[Post], *, on: date) -> QuerySet[Post]:
    """The same posts, each with what `standing_of` reads: still one question."""
    holding = Holding.objects.filter(
        valid_on(on), post=OuterRef("pk"), account__is_active=True
    ).order_by("starts", "pk")
    held = (
        Case.objects.filter(handler=OuterRef("pk"), state__in=HELD)
        .order_by()
        .values("handler")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return posts.annotate(
        holder_names=ArraySubquery(holding.values("account__full_name")),
        in_hand=Coalesce(Subquery(held, output_field=IntegerField()), 0),
    )


def standing_of(post: Any, actor: Actor) -> Standing:
    """What this reader may know of a post that `with_standing` gave."""
    if post.unit_key not in actor.branch:
        return Standing()
    return Standing(
        holders=tuple(post.holder_names),
        in_hand=post.in_hand if actor.branch.covers(_served(post)) else None,
    )


def standings(posts: Iterable[Post], actor: Actor, *, on: date) -> dict[UUID, Standing]:
    """`standing_of` for posts already read, in one question."""
    wanted = [post.pk for post in posts]
    if not wanted:
        return {}
    found = with_standing(Post.objects.filter(pk__in=wanted).select_related("unit"), on=on)
    return {post.pk: standing_of(post, actor) for post in found}


def _served(post: Post) -> Branch:
    """Where a post's cases lie: its branch, for a post of a grid its whole community."""
    if post.unit.level == Level.GRID:
        return Branch.of(post.unit_key.rstrip("/").rsplit("/", 1)[0] + "/")
    return Branch.of(post.unit_key)
