"""Every write to posts, holdings, grants, roles and the rule for signing in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Closed, Forbidden, Invalid
from linli.platform.access.accounts import (
    change_account,
    change_password,
    lock_account,
    open_account,
    remove_second_factor,
    reset_password,
    reset_second_factor,
    set_up_second_factor,
    unlock_account,
)
from linli.platform.access.actor import Actor
from linli.platform.access.branch import EVERYWHERE
from linli.platform.access.models import (
    Account,
    Grant,
    Holding,
    Post,
    Reach,
    Role,
    SignInRule,
    Unit,
)
from linli.platform.access.rights import (
    require_branch,
    require_over_post,
    require_over_role,
    require_verbs,
)
from linli.platform.access.rules import Verb
from linli.platform.changes.door import change, create
from linli.platform.changes.verbs import all_verbs

__all__ = [
    "appoint",
    "change_account",
    "change_password",
    "change_post",
    "close_post",
    "define_role",
    "grant",
    "lock_account",
    "open_account",
    "open_post",
    "release",
    "remove_second_factor",
    "reset_password",
    "reset_second_factor",
    "revoke",
    "set_sign_in_rule",
    "set_up_second_factor",
    "unlock_account",
]


def open_post(
    *, actor: Actor, unit: Unit, title: str, role: Role, opened: date, at: datetime,
    kind: str = "full", remit: str = "",
) -> Post:  # fmt: skip
    """Create a post in a unit. Raises `Escalation` for a role with rights the actor lacks."""
    require_verbs(actor, role.verbs, by=Verb.OPEN_POST)
    post = Post(title=title.strip(), role=role, kind=kind, remit=remit.strip(), opened=opened)
    if not post.title:
        raise Invalid("title", _("Please give the post a title."))
    post.place_in(unit)
    with create(post, by=actor, verb=Verb.OPEN_POST, at=at) as entry:
        entry.facts.update(title=post.title, unit=unit.name, role=role.name)
    return post


def change_post(
    *, actor: Actor, post: Post, at: datetime, title: str | None = None, role: Role | None = None,
    kind: str | None = None, remit: str | None = None, expected: int | None = None,
) -> None:  # fmt: skip
    """Change what a post is called, what it may do or how it is staffed; None leaves as it is."""
    require_over_post(actor, post, _day(at), by=Verb.CHANGE_POST)
    if role is not None:
        require_verbs(actor, role.verbs, by=Verb.CHANGE_POST)
    with change(post, by=actor, verb=Verb.CHANGE_POST, at=at, expected=expected) as entry:
        if role is not None and role.pk != post.role_id:
            entry.facts["role"] = [post.role.name, role.name]
            post.role = role
        post.title = (title if title is not None else post.title).strip()
        post.kind = kind if kind is not None else post.kind
        post.remit = (remit if remit is not None else post.remit).strip()
        if not post.title:
            raise Invalid("title", _("Please give the post a title."))


def close_post(*, actor: Actor, post: Post, closed: date, at: datetime) -> None:
    """The post ends on a day: whoever holds it is released, what is lent to it is taken back."""
    require_over_post(actor, post, _day(at), by=Verb.CLOSE_POST)
    with change(post, by=actor, verb=Verb.CLOSE_POST, at=at) as entry:
        if closed <= post.opened:
            raise Invalid("closed", _("A post closes after the day it was created."))
        post.closed = closed
        entry.facts["closed"] = closed
        running = Q(ends__isnull=True) | Q(ends__gt=closed)
        for holding in Holding.objects.filter(running, post=post):
            _end(holding, by=actor, verb=Verb.RELEASE, ends=closed, at=at)
        for lent in Grant.objects.filter(running, post=post):
            _end(lent, by=actor, verb=Verb.REVOKE, ends=closed, at=at)


def appoint(
    *, actor: Actor, account: Account, post: Post, starts: date, at: datetime,
    ends: date | None = None,
) -> Holding:  # fmt: skip
    """A person holds the post from `starts` until (not including) `ends`.

    Raises `Closed` for a closed post, `Invalid` when the person already holds it in these days,
    `Escalation` for a post whose rights the actor lacks.
    """
    require_over_post(actor, post, _day(at), by=Verb.APPOINT)
    if post.closed is not None and starts >= post.closed:
        raise Closed(_("This post has been closed; nobody can be appointed to it."))
    if starts < post.opened:
        raise Invalid(
            "starts", _("The post does not exist before this day: %(day)s."), day=post.opened
        )
    _in_order(starts, ends)
    holding = Holding(post=post, account=account, starts=starts, ends=ends or post.closed)
    holding.place_in(post.unit)
    try:
        with (
            transaction.atomic(),
            create(holding, by=actor, verb=Verb.APPOINT, at=at) as entry,
        ):
            entry.facts.update(post=post.title, unit=post.unit.name, starts=starts, ends=ends)
    except IntegrityError as error:
        if "holding_once_at_a_time" not in str(error):
            raise
        raise Invalid("starts", _("This person already holds the post in these days.")) from error
    return holding


def release(
    *, actor: Actor, holding: Holding, ends: date, at: datetime, expected: int | None = None
) -> None:
    """The person holds the post no longer from `ends` on. It takes effect at once when that is
    today, for a running session too. Raises `Invalid` when it has ended before."""
    require_over_post(actor, holding.post, _day(at), by=Verb.RELEASE)
    _end(holding, by=actor, verb=Verb.RELEASE, ends=ends, at=at, expected=expected)


def grant(
    *, actor: Actor, post: Post, role: Role, unit: Unit, starts: date, at: datetime,
    ends: date | None = None, reason: str = "",
) -> Grant:  # fmt: skip
    """Lend a role to a post over a branch, for a time.

    Raises `Escalation` for verbs the actor lacks, `BeyondBranch` for places out of the actor's.
    """
    require_verbs(actor, role.verbs, by=Verb.GRANT)
    require_branch(actor, unit.branch, by=Verb.GRANT)
    _in_order(starts, ends)
    lent = Grant(post=post, role=role, starts=starts, ends=ends, reason=reason.strip())
    lent.place_in(unit)
    with create(lent, by=actor, verb=Verb.GRANT, at=at) as entry:
        entry.facts.update(role=role.name, unit=unit.name, post=post.title, reason=lent.reason)
    return lent


def revoke(
    *, actor: Actor, grant: Grant, ends: date, at: datetime, expected: int | None = None
) -> None:
    """What was lent ends on a day. Whoever may lend over the branch may take back."""
    _end(grant, by=actor, verb=Verb.REVOKE, ends=ends, at=at, expected=expected)


def define_role(
    *, actor: Actor, slug: str, name: str, verbs: Iterable[str], at: datetime,
    reach: str = Reach.BRANCH, needs_second_factor: bool = False, role: Role | None = None,
    expected: int | None = None,
) -> Role:  # fmt: skip
    """Make a role, or give `role` another name and set of verbs.

    Nobody defines into a role what they do not hold, and a role in use can only be changed by
    somebody whose branch covers everyone who has it. Raises `Invalid` for an unknown verb.
    """
    if not actor.knows(Verb.DEFINE_ROLE):
        raise Forbidden(Verb.DEFINE_ROLE.label)
    wanted = sorted({str(verb) for verb in verbs})
    unknown = [verb for verb in wanted if verb not in all_verbs()]
    if unknown:
        raise Invalid("verbs", _("There is no such right: %(verbs)s."), verbs=", ".join(unknown))
    if not name.strip():
        raise Invalid("name", _("Please give the role a name."))
    require_verbs(actor, wanted, by=Verb.DEFINE_ROLE)
    # Roles lie nowhere in the tree: the checks are made here, the door need not repeat them.
    by = replace(actor, branch=EVERYWHERE)
    if role is None:
        made = Role(slug=slug, name=name.strip(), verbs=wanted, reach=reach)
        made.needs_second_factor = needs_second_factor
        if Role.objects.filter(slug=slug).exists():
            raise Invalid("slug", _("There is already a role with this short name."))
        with create(made, by=by, verb=Verb.DEFINE_ROLE, at=at) as entry:
            entry.facts.update(name=made.name, added=wanted)
        return made
    require_over_role(actor, role, _day(at), by=Verb.DEFINE_ROLE)
    with change(role, by=by, verb=Verb.DEFINE_ROLE, at=at, expected=expected) as entry:
        entry.facts["added"] = sorted(set(wanted) - set(role.verbs))
        entry.facts["taken"] = sorted(set(role.verbs) - set(wanted))
        role.name, role.verbs, role.reach = name.strip(), wanted, reach
        role.needs_second_factor = needs_second_factor
    return role


def set_sign_in_rule(
    *, actor: Actor, starts: date, password_length: int, failures: int, lock_minutes: int,
    session_hours: int, source: str, at: datetime,
) -> SignInRule:  # fmt: skip
    """What signing in asks for from a day on; the rule of a day that has passed stays as it was.

    It holds for the whole installation: the actor must cover the top of the tree.
    Raises `Invalid` for a day in the past or a value outside its bounds.
    """
    if not actor.knows(Verb.SET_SIGN_IN_RULE):
        raise Forbidden(Verb.SET_SIGN_IN_RULE.label)
    for key in Unit.objects.filter(parent=None).values_list("key", flat=True):
        if key not in actor.branch:
            raise Forbidden(Verb.SET_SIGN_IN_RULE.label)
    if starts < _day(at):
        raise Invalid("starts", _("A rule cannot start in the past."))
    rule = SignInRule.objects.filter(starts=starts).first() or SignInRule(starts=starts)
    known = not rule._state.adding
    values = {
        "password_length": password_length, "failures": failures, "lock_minutes": lock_minutes,
        "session_hours": session_hours, "source": source,
    }  # fmt: skip
    by = replace(actor, branch=EVERYWHERE)
    door = change if known else create
    try:
        with transaction.atomic(), door(rule, by=by, verb=Verb.SET_SIGN_IN_RULE, at=at) as entry:
            for name, value in values.items():
                setattr(rule, name, value)
            entry.facts.update(values, starts=starts)
    except IntegrityError as error:
        raise Invalid("", _("One of the values is outside its bounds.")) from error
    return rule


def _end(
    row: Holding | Grant, *, by: Actor, verb: Verb, ends: date, at: datetime,
    expected: int | None = None,
) -> None:  # fmt: skip
    """A dated row ends; one that would begin later never does."""
    with change(row, by=by, verb=verb, at=at, expected=expected) as entry:
        if row.ends is not None and row.ends <= ends:
            raise Invalid("ends", _("This has already ended."))
        row.ends = max(ends, row.starts)
        entry.facts["ends"] = row.ends


def _in_order(starts: date, ends: date | None) -> None:
    if ends is not None and ends <= starts:
        raise Invalid("ends", _("The end must lie after the beginning."))


def _day(at: datetime) -> date:
    return timezone.localdate(at)
