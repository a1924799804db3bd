"""One act done on several ticked rows: row by row, each by itself, each told what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Forbidden, LinliError, NotFound, Stale, WrongMove
from linli.platform.access.actor import Actor
from linli.platform.changes.public import label_of
from linli.platform.desk.doing import Action, ActionForm, Doing, Many, Outcome
from linli.platform.desk.register import Register
from linli.platform.flow.actions import follow, unfollow

Text = str | Promise

# One request does them all: two hundred take a few seconds.
MOST = 200
DONE, REFUSED, GONE = "done", "refused", "gone"

NO_LONGER_THERE = _("It is no longer there.")
CHANGED_MEANWHILE = _("Someone else changed it in the meantime. Look at it and decide again.")
IN_USE = _("Someone else is working on it at this moment. Try it again.")


@dataclass(frozen=True)
class Act:
    """What can be done with ticked rows: an action of the register, or following them."""

    name: str
    words: str
    icon: str
    tone: str
    about: str
    form: type[ActionForm] | None
    do: Callable[[Doing], Outcome]
    tells: Callable[[Any, Actor], str] | None = None
    action: Action | None = None

    def refusal(self, register: Register, row: Any, actor: Actor) -> str:
        """Why it cannot be done on this row, as far as can be seen before doing it, else ""."""
        if self.action is None:
            return ""
        verb = str(self.action.verb)
        if not actor.may(verb, row):
            return Forbidden(label_of(verb)).sentence
        flow = register.flow
        if flow is not None and verb in flow.verbs() and flow.find(row.state, verb) is None:
            state = flow.states(row.state).label
            return WrongMove(verb=label_of(verb), state=state).sentence
        if self.action.when is not None and not self.action.when(row, actor):
            return gettext("“%(verb)s” is not possible here now.") % {"verb": self.words}
        return ""


@dataclass(frozen=True)
class Tick:
    """A ticked row by its key, and the version the person saw of it, if the page told."""

    key: str
    version: int | None = None

    @classmethod
    def read(cls, text: str) -> Tick:
        """Out of a form: `key`, or `key:version`."""
        key, _sep, version = text.partition(":")
        return cls(key[:60], int(version) if version.isdecimal() and len(version) < 10 else None)  # noqa: PLR2004


@dataclass(frozen=True)
class Came:
    """What came of one row: done, refused with a sentence, or no longer there."""

    key: str
    title: str
    outcome: str
    sentence: str = ""


def acts_for(register: Register, actor: Actor) -> list[Act]:
    """What this actor may do with ticked rows of this list, wherever they lie."""
    found = [
        _act(action)
        for action in register.actions
        if action.many and action.of == "row" and actor.knows(str(action.verb))
    ]
    return found + (_following() if register.can_follow and actor.is_signed_in else [])


def act_named(register: Register, actor: Actor, name: str) -> Act:
    """One of `acts_for`. Raises `Forbidden` without the verb, `NotFound` for anything else."""
    for act in acts_for(register, actor):
        if act.name == name:
            return act
    action = register.by_name.get(("row", name))
    if action is not None and action.many:
        raise Forbidden(label_of(str(action.verb)))
    raise NotFound


def rows_of(register: Register, actor: Actor, ticks: Sequence[Tick]) -> dict[str, Any]:
    """The ticked rows in reach, by key; what is out of reach is simply not among them."""
    keys = [key for key in (_key(register, tick.key) for tick in ticks) if key is not None]
    return {str(row.pk): row for row in register.detail_rows(actor).filter(pk__in=keys)}


def do_each(
    register: Register,
    act: Act,
    ticks: Sequence[Tick],
    *,
    actor: Actor,
    data: Mapping[str, Any],
    at: datetime,
) -> list[Came]:
    """Do the act on each row, in a savepoint of its own; what is refused leaves nothing behind.

    The rows are taken in the order of their keys, so that two people who act on the same rows
    wait for one another instead of blocking each other; the answer is in the order of `ticks`.
    """
    rows = rows_of(register, actor, ticks)
    came: dict[str, Came] = {}
    for tick in sorted(set(ticks), key=lambda one: one.key):
        row = rows.get(tick.key)
        if row is None:
            came[tick.key] = Came(tick.key, "", GONE, str(NO_LONGER_THERE))
            continue
        title = register.title(row)
        doing = Doing(actor, row, data, at, expected=tick.version)
        came[tick.key] = Came(tick.key, title, *_do(register, act, doing))
    return [came[key] for key in dict.fromkeys(tick.key for tick in ticks)]


def _do(register: Register, act: Act, doing: Doing) -> tuple[str, str]:
    """Do it on one row; what came of it, and the sentence of a refusal."""
    try:
        with transaction.atomic():
            refusal = act.refusal(register, doing.row, doing.actor)
            if refusal:
                return REFUSED, refusal
            act.do(doing)
    except NotFound:
        return GONE, str(NO_LONGER_THERE)
    except Stale:
        return REFUSED, str(CHANGED_MEANWHILE)
    except LinliError as error:
        return REFUSED, error.sentence
    except OperationalError:
        # A deadlock, or a lock not given in time, takes back this row alone; without a connection
        # there is nothing to go on with.
        if connection.needs_rollback or not connection.is_usable():
            raise
        return REFUSED, str(IN_USE)
    return DONE, ""


def _act(action: Action) -> Act:
    many = action.many if isinstance(action.many, Many) else Many()
    return Act(
        name=action.name,
        words=action.words,
        icon=action.icon,
        tone=action.tone,
        about=str(many.about or action.about or action.confirm),
        form=many.form or action.form,
        do=many.do or action.do,
        tells=many.tells,
        action=action,
    )


def _following() -> list[Act]:
    start = Act(
        name="follow",
        words=gettext("Follow"),
        icon="eye",
        tone="",
        about=gettext("You are told of every step."),
        form=None,
        do=lambda doing: follow(actor=doing.actor, row=doing.row, at=doing.at),
    )
    stop = replace(
        start,
        name="unfollow",
        words=gettext("Follow no longer"),
        icon="eye-off",
        about="",
        do=lambda doing: unfollow(actor=doing.actor, row=doing.row),
    )
    return [start, stop]


def _key(register: Register, text: str) -> Any:
    pk: Any = register.model._meta.pk
    try:
        return pk.to_python(text)
    except ValidationError:
        return None
