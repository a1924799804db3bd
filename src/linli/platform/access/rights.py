"""Nobody hands out what they do not hold: the checks behind every act on posts and accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Forbidden, NotFound
from linli.platform.access.actor import Actor
from linli.platform.access.branch import Branch
from linli.platform.access.models import Account, Grant, Holding, Post, Role
from linli.platform.access.scope import acting
from linli.platform.changes.verbs import label_of

Dated = TypeVar("Dated", Holding, Grant)


class Escalation(Forbidden):
    """Rights would be handed out that the giver does not hold."""

    message = _("You cannot hand out rights that your own post does not have: %(rights)s.")


class BeyondBranch(Forbidden):
    """Rights would reach further than the giver's own branch."""

    message = _("You cannot hand out rights beyond your own area.")


class AboveYou(Forbidden):
    """The account may do more than whoever wants to manage it."""

    message = _(
        "This person holds rights that your own post does not have. "
        "Ask somebody who looks after a larger area."
    )


def require_verbs(actor: Actor, verbs: Iterable[str], *, by: str) -> None:
    """Raise `Escalation` unless the actor holds every one of `verbs`; `by` is what is attempted."""
    missing = sorted(verb for verb in verbs if not actor.knows(verb))
    if missing:
        named = "、".join(label_of(verb) for verb in missing[:3])
        raise Escalation(by, rights=named + ("…" if len(missing) > len(missing[:3]) else ""))


def require_branch(actor: Actor, branch: Branch, *, by: str) -> None:
    """Raise `BeyondBranch` unless the actor's branch covers this one."""
    if not actor.branch.covers(branch):
        raise BeyondBranch(by)


def require_over_post(actor: Actor, post: Post, on: date, *, by: str) -> None:
    """The post's rights, present and coming, must be the actor's own: its role, what it is lent."""
    require_verbs(actor, post.role.verbs, by=by)
    require_branch(actor, Branch.of(post.unit_key), by=by)
    with acting(Actor.system("rights")):
        lent = list(_coming(Grant.objects.filter(post=post), on).select_related("role"))
    for grant in lent:
        require_verbs(actor, grant.role.verbs, by=by)
        require_branch(actor, Branch.of(grant.unit_key), by=by)


def require_over_account(actor: Actor, account: Account, on: date, *, by: str) -> None:
    """Whoever could take an account over must already hold everything it holds, today or later.

    Raises `NotFound` for an account of another branch, `AboveYou` for a mightier one.
    """
    if account.unit_key not in actor.branch:
        raise NotFound
    with acting(Actor.system("rights")):
        held = list(
            _coming(Holding.objects.filter(account=account), on).select_related("post__role")
        )
    try:
        for holding in held:
            require_over_post(actor, holding.post, on, by=by)
    except (Escalation, BeyondBranch) as error:
        raise AboveYou(by) from error


def require_over_role(actor: Actor, role: Role, on: date, *, by: str) -> None:
    """A role may be redefined by whoever holds all of it and covers everyone who has it."""
    require_verbs(actor, role.verbs, by=by)
    with acting(Actor.system("rights")):
        open_posts = Q(closed__isnull=True) | Q(closed__gt=on)
        keys = list(Post.objects.filter(open_posts, role=role).values_list("unit_key", flat=True))
        keys += _coming(Grant.objects.filter(role=role), on).values_list("unit_key", flat=True)
    for key in set(keys):
        require_branch(actor, Branch.of(key), by=by)


def _coming(rows: QuerySet[Dated], on: date) -> QuerySet[Dated]:
    """Rows that hold on that day or later."""
    return rows.filter(Q(ends__isnull=True) | Q(ends__gt=on))
