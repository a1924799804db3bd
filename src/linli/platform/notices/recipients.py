"""Who is told: accounts that hold posts today, and those who answer for a unit at a level."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from linli.platform.access.models import Account, Grant, Holding, Post, Reach, Unit, valid_on


def holders(post_ids: Collection[UUID], *, on: date) -> set[UUID]:
    """The accounts that hold any of the posts on that day. Call it as the system."""
    if not post_ids:
        return set()
    held = Holding.objects.filter(valid_on(on), post__in=list(post_ids))
    return set(held.values_list("account_id", flat=True))


def supervisors(unit: Unit, *, level: int, holding: str, on: date) -> set[UUID]:
    """Who holds the verb over the unit at that level of the tree, or at the next level above that
    has somebody. Call it as the system.
    """
    above = Unit.objects.filter(key__in=prefixes(unit.key), level__lte=level).order_by("-level")
    for answering in above:
        posts = set(
            Post.objects.filter(
                valid_on(on, starts="opened", ends="closed"),
                unit=answering,
                role__verbs__contains=[holding],
                role__reach=Reach.BRANCH,
            ).values_list("pk", flat=True)
        ) | set(
            Grant.objects.filter(
                valid_on(on),
                unit=answering,
                role__verbs__contains=[holding],
                role__reach=Reach.BRANCH,
            ).values_list("post_id", flat=True)
        )
        found = active(holders(posts, on=on))
        if found:
            return {account.pk for account in found}
    return set()


def active(account_ids: Iterable[UUID]) -> list[Account]:
    """The accounts among these that are in use, in a stable order."""
    return list(Account.objects.filter(pk__in=set(account_ids), is_active=True).order_by("pk"))


def prefixes(key: str) -> list[str]:
    """The key of a unit and of every unit above it: `33/02/` gives `33/`, `33/02/`."""
    parts = key.rstrip("/").split("/")
    return ["/".join(parts[: end + 1]) + "/" for end in range(len(parts))]
