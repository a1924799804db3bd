"""A life cycle is a table: which verb leads from which state to which, and what it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid, LinliError, WrongMove
from linli.kernel.worktime import Span
from linli.platform.access.actor import Actor
from linli.platform.access.scope import open_subject
from linli.platform.changes.door import Draft
from linli.platform.changes.models import Entry
from linli.platform.changes.rehearsal import rehearsed
from linli.platform.changes.verbs import label_of
from linli.platform.flow import clock
from linli.platform.flow.clocked import Clocked


class SamePerson(LinliError):
    """Whoever did the one may not do the other."""

    message = _("Whoever did “%(before)s” cannot do “%(verb)s” on the same piece of work.")


# Tells how long the state that begins may last; None for a state without a clock.
Limit = Callable[[Any, datetime], Span | None]


@dataclass(frozen=True)
class Move:
    """One row of the table.

    `target` None leaves the state as it is. `due` starts a clock for the state that begins; a move
    that changes the state and names neither `due` nor `keeps_clock` ends the clock. `asks` names
    what must be given in words. `not_by` is a verb whose last doer may not do this one.
    """

    verb: str
    source: str | tuple[str, ...]
    target: str | None
    due: Limit | None = None
    keeps_clock: bool = False
    asks: tuple[str, ...] = ()
    not_by: str | None = None
    pauses: bool = False
    resumes: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source

    @property
    def label(self) -> str:
        return label_of(self.verb)


_flows: dict[str, Flow] = {}


def flows() -> Mapping[str, Flow]:
    """Every life cycle of the installation, by name."""
    return dict(_flows)


class Flow:
    """The life cycle of one kind of row: `name` is the row's model label, `states` its choices."""

    def __init__(
        self,
        name: str,
        states: type[models.TextChoices],
        *moves: Move,
        start: str,
        remind: str,
        escalate: str,
    ) -> None:
        self.name, self.states, self.moves = name, states, moves
        self.start, self.remind, self.escalate = str(start), str(remind), str(escalate)
        self._table = {(source, str(m.verb)): m for m in moves for source in map(str, m.sources)}
        _flows[name] = self

    def find(self, state: str, verb: str) -> Move | None:
        """The move this verb makes from this state, if it may."""
        return self._table.get((str(state), str(verb)))

    def move(
        self,
        row: Any,
        verb: str,
        *,
        at: datetime,
        by: Actor,
        entry: Draft,
        given: Mapping[str, str] | None = None,
    ) -> Move:
        """Move `row` (already locked by `change`) and set its clock.

        Raises `WrongMove`, `SamePerson`, or `Invalid` at the words that are missing.
        """
        found = self.find(row.state, verb)
        if found is None:
            raise WrongMove(verb=label_of(verb), state=self.states(row.state).label)
        words = self._words(found, given or {})
        if found.not_by is not None:
            self._refuse_same_person(row, found, by)
        entry.facts.update(words)
        if found.target is not None and str(found.target) != row.state:
            entry.facts["state"] = [row.state, str(found.target)]
            row.state = str(found.target)
        self._set_clock(row, found, at=at, entry=entry)
        return found

    def begin(self, row: Any, *, at: datetime, entry: Draft, due: Limit | None) -> None:
        """Put a new row into the first state and start its clock."""
        row.state = self.start
        span = due(row, at) if due else None
        if span:
            clock.start(row, span, at=at, entry=entry)

    def available(self, row: Any, actor: Actor) -> list[Move]:
        """The moves this actor may make from the row's state, in the table's order."""
        return [
            move
            for move in self.moves
            if row.state in map(str, move.sources) and actor.may(str(move.verb), row)
        ]

    def verbs(self) -> list[str]:
        """Every verb of the table, once, in order."""
        return list(dict.fromkeys(str(move.verb) for move in self.moves))

    def diagram(self) -> str:
        """The life cycle as a Mermaid state diagram, labels in the reader's language."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {state.value}: {state.label}" for state in self.states]
        for move in self.moves:
            for source in move.sources:
                target = source if move.target is None else move.target
                lines.append(f"    {source!s} --> {target!s}: {move.label}")
        return "\n".join(lines) + "\n"

    def _words(self, move: Move, given: Mapping[str, str]) -> dict[str, str]:
        words = {name: str(text).strip() for name, text in given.items() if str(text).strip()}
        for name in move.asks:
            if not words.get(name):
                raise Invalid(name, _("Please give a reason."))
        return words

    def _refuse_same_person(self, row: Any, move: Move, by: Actor) -> None:
        last = last_entry(row, str(move.not_by))
        if last is None:
            return
        same_account = by.account_id is not None and by.account_id == last.account_id
        same_post = by.post_id is not None and by.post_id == last.post_id
        if same_account or same_post:
            raise SamePerson(before=label_of(str(move.not_by)), verb=move.label)

    def _set_clock(self, row: Clocked, move: Move, *, at: datetime, entry: Draft) -> None:
        span = move.due(row, at) if move.due else None
        if span is not None:
            clock.start(row, span, at=at, entry=entry)
        elif move.pauses:
            clock.pause(row, at=at)
        elif move.resumes:
            clock.resume(row, at=at)
        elif move.target is not None and not move.keeps_clock:
            clock.stop(row)


def last_entry(row: models.Model, verb: str) -> Entry | None:
    """The newest entry of a verb on a row the caller has just read."""
    rehearsal = rehearsed(row)
    if rehearsal is not None:
        return next((entry for entry in reversed(rehearsal.entries) if entry.verb == verb), None)
    open_subject(row.pk)
    return Entry.objects.filter(subject_id=row.pk, verb=verb).order_by("-seq").first()
