"""From dispatch to the result."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.cases.faults import OutOfReach
from linli.modules.cases.models import Case, Help
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW
from linli.platform.access.actor import Actor
from linli.platform.access.models import Post
from linli.platform.access.scope import open_subject
from linli.platform.changes.public import change, rehearsed, store_beside
from linli.platform.files.public import attach_all


def dispatch(
    *, by: Actor, at: datetime, case: Case, to: Post, words: str = "", expected: int | None = None
) -> None:
    """Hand a filed case to the post that must handle it; its handling clock starts."""
    with change(case, by=by, verb=Verb.DISPATCH, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.DISPATCH, at=at, by=by, entry=entry, given={"words": words})
        case.engaged = []
        _hand_to(case, to, at=at)
        case.dispatched_at = at
        case.handle_due_at = case.due_at
        entry.facts["to"] = to.title


def take(*, by: Actor, at: datetime, case: Case, expected: int | None = None) -> None:
    """Take the case on in person."""
    with change(case, by=by, verb=Verb.TAKE, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.TAKE, at=at, by=by, entry=entry)
        case.taken_by_id = by.account_id


def return_case(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Send the case back to whoever dispatches, with the reason it is not this post's."""
    with change(case, by=by, verb=Verb.RETURN, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.RETURN, at=at, by=by, entry=entry, given={"reason": reason})
        entry.facts["from"] = case.handler.title if case.handler else ""
        case.handler, case.taken_by = None, None
        # A post that sees only what is handed to it keeps sight of what it sent back, until the
        # case is dispatched anew; else it could not even write the return down.
        if by.post_id is None or case.unit_key in by.branch:
            case.engaged = []
        else:
            case.engaged = [by.post_id]


def reassign(
    *, by: Actor, at: datetime, case: Case, to: Post, reason: str, expected: int | None = None
) -> None:
    """Hand the case to another post; the clock goes on."""
    with change(case, by=by, verb=Verb.REASSIGN, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.REASSIGN, at=at, by=by, entry=entry, given={"reason": reason})
        entry.facts["from"] = case.handler.title if case.handler else ""
        entry.facts["to"] = to.title
        _hand_to(case, to, at=at)
        case.taken_by = None


def assist(
    *, by: Actor, at: datetime, case: Case, of: Post, request: str, expected: int | None = None
) -> Help:
    """Ask another post for help; it sees the case from now on. Several may be asked."""
    with change(case, by=by, verb=Verb.ASSIST, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.ASSIST, at=at, by=by, entry=entry, given={"request": request})
        _serves(of, case)
        if of.pk in case.engaged:
            raise Invalid("of", _("This post already works on the case."))
        help_ = Help(
            case=case,
            unit_id=case.unit_id,
            unit_key=case.unit_key,
            post=of,
            request=request,
            asked_at=at,
        )
        store_beside(case, help_)
        case.engaged = [*case.engaged, of.pk]
        entry.facts["of"] = of.title
        entry.aside["post"] = of.pk
    return help_


def helped(
    *, by: Actor, at: datetime, case: Case, result: str, expected: int | None = None
) -> None:
    """Tell what the help came to; the asking post goes on with the case."""
    with change(case, by=by, verb=Verb.HELPED, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.HELPED, at=at, by=by, entry=entry, given={"result": result})
        if not _give(case, by, result=result, at=at):
            raise Invalid("result", _("Your post was not asked for help with this case."))


def _give(case: Case, by: Actor, *, result: str, at: datetime) -> bool:
    """Keep the help's result; False when this post has no open request."""
    rehearsal = rehearsed(case)
    if rehearsal is None:
        open_subject(case.pk)
        asked = Help.objects.filter(case=case, post=by.post_id, given_at=None)
        return bool(asked.update(result=result, given_at=at))
    for help_ in rehearsal.beside:
        if isinstance(help_, Help) and help_.post_id == by.post_id and help_.given_at is None:
            help_.result, help_.given_at = result, at
            return True
    return False


def suspend(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Stop the clock while something outside stands in the way."""
    with change(case, by=by, verb=Verb.SUSPEND, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.SUSPEND, at=at, by=by, entry=entry, given={"reason": reason})


def resume(*, by: Actor, at: datetime, case: Case, expected: int | None = None) -> None:
    """Go on; the time of the pause is given back."""
    with change(case, by=by, verb=Verb.RESUME, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.RESUME, at=at, by=by, entry=entry)
        case.handle_due_at = case.due_at


def finish(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    result: str,
    files: Iterable[Any] = (),
    expected: int | None = None,
) -> None:
    """Report the result, with photos; somebody else verifies it."""
    with change(case, by=by, verb=Verb.FINISH, at=at, expected=expected) as entry:
        entry.facts["due"] = case.due_at
        FLOW.move(case, Verb.FINISH, at=at, by=by, entry=entry, given={"result": result})
        case.result = result
        case.finished_at = at
        attach_all(case, list(files), by=by, at=at, kind="result", field="photos")


def _hand_to(case: Case, post: Post, *, at: datetime) -> None:
    _serves(post, case)
    if post.closed is not None and post.closed <= timezone.localdate(at):
        raise OutOfReach
    asked: list[UUID] = [p for p in case.engaged if p not in (case.handler_id, post.pk)]
    case.handler = post
    case.engaged = [post.pk, *asked]


def _serves(post: Post, case: Case) -> None:
    """A post serves its own unit and all below it, and the grids beside it in its community."""
    if case.unit_key.startswith(post.unit_key):
        return
    community_of_post = post.unit_key.rsplit("/", 2)[0] + "/"
    if not case.unit_key.startswith(community_of_post):
        raise OutOfReach
