"""What can be asked about accounts and posts, and the filter every other module reads through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from linli.platform.access.actor import Actor
from linli.platform.access.asking import once_a_page
from linli.platform.access.branch import Branch
from linli.platform.access.capacities import capacities
from linli.platform.access.models import (
    Account,
    Grant,
    Holding,
    Post,
    Role,
    SignInRule,
    Unit,
    valid_on,
)
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting

Rows = TypeVar("Rows", bound=models.Model)


def for_actor(rows: QuerySet[Rows], actor: Actor) -> QuerySet[Rows]:
    """The rows of a scoped table this actor may know of; all others are *not found*.

    That is the actor's branch, and beside it what the post is engaged in elsewhere, where the
    model provides `held_beyond(post_id, branch) -> Q` (empty for nothing). The public sees the one
    row whose `number` it can name.
    """
    model: Any = rows.model
    if actor.all_verbs:
        return rows
    seen = Q() if actor.branch.lo == actor.branch.hi else actor.branch.where()
    if hasattr(model, "held_beyond") and actor.post_id is not None:
        seen |= _held_beyond(model, actor.post_id, actor.branch)
    if actor.reference and _has_number(model):
        seen |= Q(number=actor.reference)
    return rows.filter(seen) if seen else rows.none()


@once_a_page
def _held_beyond(model: Any, post_id: UUID, branch: Branch) -> Q:
    found: Q = model.held_beyond(post_id, branch)
    return found


def _has_number(model: type[models.Model]) -> bool:
    return any(field.name == "number" for field in model._meta.concrete_fields)


def accounts(actor: Actor) -> QuerySet[Account]:
    """The accounts looked after in the branch, and those of people who hold a post there."""
    if not actor.knows(Verb.VIEW_STAFF):
        return Account.objects.none()
    if actor.all_verbs:
        return Account.objects.all()
    placed = Holding.objects.filter(actor.branch.where()).values("account_id")
    return Account.objects.filter(actor.branch.where() | Q(pk__in=placed))


def posts(actor: Actor) -> QuerySet[Post]:
    """The posts of the branch."""
    return for_actor(Post.objects.all(), actor) if actor.knows(Verb.VIEW_STAFF) else _no(Post)


def holdings(actor: Actor) -> QuerySet[Holding]:
    """Who holds which post in the branch, from when until when."""
    return for_actor(Holding.objects.all(), actor) if actor.knows(Verb.VIEW_STAFF) else _no(Holding)


def grants(actor: Actor) -> QuerySet[Grant]:
    """Roles lent over places of the branch."""
    return for_actor(Grant.objects.all(), actor) if actor.knows(Verb.VIEW_STAFF) else _no(Grant)


def roles(actor: Actor) -> QuerySet[Role]:
    """Every role of the installation; who sees the staff sees what their roles mean."""
    return Role.objects.all() if actor.knows(Verb.VIEW_STAFF) else _no(Role)


def units(actor: Actor) -> QuerySet[Unit]:
    """The places of the branch, open or not."""
    return Unit.objects.all() if actor.all_verbs else Unit.objects.filter(actor.branch.where("key"))


def unit_by_key(key: str) -> Unit | None:
    """The unit with this key; the tree is public within the service."""
    return Unit.objects.filter(key=key).first()


def account_by_id(account_id: UUID) -> Account | None:
    """The account with this id, to name whom an entry or a list tells of."""
    return Account.objects.filter(pk=account_id).first()


def _no(model: Any) -> Any:
    return model.objects.none()


def holders(post_ids: Iterable[UUID], on: date) -> dict[UUID, list[Account]]:
    """Who holds each post on that day, active accounts only.

    Read as the platform, for telling people about their work; not for showing to anybody.
    """
    found: dict[UUID, list[Account]] = {post_id: [] for post_id in post_ids}
    with acting(Actor.system("holders")):
        held = Holding.objects.filter(
            valid_on(on), post__in=list(found), account__is_active=True
        ).select_related("account")
        for holding in held.order_by("starts", "pk"):
            found[holding.post_id].append(holding.account)
    return found


def posts_above(unit_key: str, verb: str, on: date) -> list[Post]:
    """Posts in the unit or above it that hold the verb over it on that day, nearest first.

    By their role or by a grant over the unit or one above; roles that only see what is handed to
    them count where they are, not over a branch. Read as the platform.
    """
    path = keys_above(unit_key)
    with acting(Actor.system("posts above")):
        open_then = Post.objects.filter(valid_on(on, starts="opened", ends="closed"))
        own = open_then.filter(unit_key__in=path, role__verbs__contains=[str(verb)])
        lent = Grant.objects.filter(
            valid_on(on), unit_key__in=path, role__verbs__contains=[str(verb)]
        ).values_list("post_id", "unit_key")
        # A post counts at the nearest place from which it holds the verb.
        place: dict[UUID, str] = {}
        for post_id, key in lent:
            place[post_id] = max(key, place.get(post_id, ""))
        found = {post.pk: post for post in own.select_related("role", "unit")}
        for post in found.values():
            place[post.pk] = max(post.unit_key, place.get(post.pk, ""))
        missing = [post_id for post_id in place if post_id not in found]
        if missing:
            others = open_then.filter(pk__in=missing).select_related("role", "unit")
            found.update({post.pk: post for post in others})
    return sorted(found.values(), key=lambda post: (-len(place[post.pk]), post.title, post.pk))


def keys_above(unit_key: str) -> Sequence[str]:
    """The key itself and the keys of everything above it, nearest first."""
    parts = unit_key.rstrip("/").split("/")
    return ["/".join(parts[:end]) + "/" for end in range(len(parts), 0, -1)] if unit_key else []


def sign_in_rule(on: date) -> SignInRule:
    """What signing in asks for on that day; the migrations ship the first rule."""
    rule = SignInRule.objects.filter(starts__lte=on).order_by("-starts").first()
    if rule is None:
        rule = SignInRule.objects.order_by("starts")[0]
    return rule


def needs_second_factor(account: Account, on: date) -> bool:
    """Whether any post the account holds on that day, or what is lent to it, demands one."""
    return any(capacity.needs_second_factor for capacity in capacities(account, on=on))
