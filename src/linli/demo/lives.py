"""How a case of the demonstration lives: the real actions, at the pace people work at."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from linli.demo import names, words
from linli.demo.crew import Crew, Member
from linli.kernel.geo import Point
from linli.kernel.worktime import Kind, Span, WorkCalendar
from linli.modules.cases import actions
from linli.modules.cases.bulk import Replay
from linli.modules.cases.intake import Checked, Contact, Report
from linli.modules.cases.masking import masked_contact
from linli.modules.cases.models import Case, Category
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import State
from linli.platform.access.actor import Actor
from linli.platform.access.models import Unit
from linli.platform.changes.verbs import public_verbs

OFFICE_HOUR, HOUR = Span(1, Kind.WORK_HOUR), Span(1, Kind.URGENT_HOUR)
DAY, WORK_DAY = Span(1, Kind.NATURAL_DAY), Span(1, Kind.WORK_DAY)
HANDLED_BY_NOBODY_IN_PARTICULAR = "community-worker"


class NotYet(Exception):
    """The next step lies ahead."""


@dataclass(frozen=True)
class Scene:
    """What all lives share. `slow` are communities where everything takes longer."""

    replay: Replay
    crew: Crew
    dice: random.Random
    calendar: WorkCalendar
    now: datetime
    results: Mapping[str, tuple[str, ...]]
    slow: frozenset[str]
    number: Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Seed:
    """What is about to be reported."""

    kind: words.Kind
    category: Category
    grid: Unit
    community: Unit
    point: Point
    at: datetime
    place: str = ""
    text: str = ""
    channel: str = ""
    # The verb that is not done any more: somebody has let it lie.
    stop: str = ""


class Life:
    """One case, from its report to its end or the present."""

    def __init__(self, scene: Scene, seed: Seed) -> None:
        self.scene, self.seed, self.at = scene, seed, seed.at
        self.dice = scene.dice
        self.workers = scene.crew.at("community-worker", seed.community.key)
        self.heads = scene.crew.at("community-secretary", seed.community.key)
        self.contact = Contact()
        self.case = self._reported(seed.at)
        self.public = replace(Actor.public(public_verbs()), reference=self.case.number)
        self.handler: Member | None = None
        self.urgent = seed.category.limit_kind == Kind.URGENT_HOUR
        self.pace = 1.7 if seed.community.key in scene.slow else 1.0

    def live(self) -> Case:
        """Let the case live until it ends or the present is reached."""
        try:
            if self._taken_in():
                self._handled()
                self._closed()
                self._looked_back()
        except NotYet:
            pass
        if self.case.due_at is not None:
            self.scene.replay.ring(self.case, until=self.scene.now)
        return self.case

    # ── the report ────────────────────────────────────────────────────────────────────────────

    def _reported(self, at: datetime) -> Case:
        seed, dice = self.seed, self.dice
        channel = (
            seed.channel
            or dice.choices(("portal", "phone", "window", "field"), (46, 22, 12, 20))[0]
        )
        by = self._reporter(channel)
        place = seed.place or names.place(dice, seed.community.name)
        text = seed.text or words.report(seed.kind, place, dice)
        report = Report(
            category=seed.category.code, text=text, place=place, point=seed.point,
            contact=self.contact, channel=channel,
        )  # fmt: skip
        checked = Checked(
            category=seed.category, unit=seed.grid, text=text, place=place, answers={}
        )
        return self.scene.replay.report(
            by=by, at=at, report=report, checked=checked, number=self.scene.number(at),
            code=f"{dice.randrange(10**6):06d}",
        )  # fmt: skip

    def _reporter(self, channel: str) -> Actor:
        dice = self.dice
        named = not self.seed.category.anonymous_allowed or dice.random() < 0.75
        self.contact = Contact()
        if channel != "field" and (named or channel in ("phone", "window")):
            self.contact = Contact(name=names.neighbour(dice), phone=names.phone(dice))
        if channel == "field":
            if not self.seed.category.anonymous_allowed:
                self.contact = Contact(name=names.neighbour(dice), phone=names.phone(dice))
            walker = dice.choice(self.scene.crew.at("grid-worker", self.seed.grid.key))
            return replace(walker.actor, channel="field")
        if channel == "phone":
            clerk = dice.choice(self.scene.crew.nearest("hotline-clerk", self.seed.grid.key))
            return clerk.actor.helping(masked_contact(self.contact))
        if channel == "window":
            return dice.choice(self.workers).actor.helping(masked_contact(self.contact))
        return Actor.public(public_verbs())

    # ── time ──────────────────────────────────────────────────────────────────────────────────

    def _wait(self, median: float, spread: float = 0.7, span: Span | None = None) -> None:
        """Let working hours pass (or parts of `span`), about `median` of them."""
        amount = median * self.dice.lognormvariate(0.0, spread) * self.pace
        chosen = span or (HOUR if self.urgent else OFFICE_HOUR)
        self.at = self.scene.calendar.fraction_at(self.at, chosen, amount)

    def _now(self, verb: str) -> datetime:
        """The moment of the next step, alarms before it rung."""
        if self.at > self.scene.now or verb == self.seed.stop:
            raise NotYet
        self.scene.replay.ring(self.case, until=self.at)
        return self.at

    # ── taking in ─────────────────────────────────────────────────────────────────────────────

    def _taken_in(self) -> bool:
        """Accept, file or end it; whether it goes on."""
        dice, case = self.dice, self.case
        chance = dice.random()
        self._wait(6.5 if dice.random() < 0.02 else 0.7)
        clerk = dice.choice(self.workers + self.heads).actor
        if self.seed.stop == Verb.ACCEPT:
            raise NotYet
        if chance < 0.02 and not self.seed.stop:
            actions.cancel(
                by=self.public, at=self._now(Verb.CANCEL), case=case,
                reason=dice.choice(words.CANCELS),
            )  # fmt: skip
            return False
        if chance < 0.05 and not self.seed.stop:
            at = self._now(Verb.REJECT)
            actions.reject(by=clerk, at=at, case=case, reason=dice.choice(words.REJECTS))
            return False
        if chance < 0.08 and not self.seed.stop:
            self._merged(clerk)
        if dice.random() < 0.35 or self.seed.stop == Verb.FILE:
            actions.accept(by=clerk, at=self._now(Verb.ACCEPT), case=case)
            self._wait(0.3)
        actions.file(by=clerk, at=self._now(Verb.FILE), case=case)
        self._wait(5.5 if dice.random() < 0.015 else 0.35)
        self._dispatched(clerk)
        return True

    def _merged(self, clerk: Actor) -> None:
        """A neighbour reported the same a little later; the two become one, or they join."""
        at = self._now(Verb.MERGE)
        share = self.dice.uniform(0.2, 0.9)
        between = self.seed.at + (at - self.seed.at) * share
        if self.dice.random() < 0.4:
            contact = Contact(name=names.neighbour(self.dice), phone=names.phone(self.dice))
            actions.join(
                by=Actor.public(public_verbs()), at=between, case=self.case, contact=contact,
                words="我也是这个情况",
            )  # fmt: skip
            return
        again = self._reported(between)
        actions.merge(by=clerk, at=at, case=again, into=self.case)

    def _dispatched(self, clerk: Actor) -> None:
        role = self.case.category.handler_role or HANDLED_BY_NOBODY_IN_PARTICULAR
        found = self.scene.crew.nearest(role, self.case.unit_key)
        self.handler = self.dice.choice(found or self.workers)
        at = self._now(Verb.DISPATCH)
        actions.dispatch(by=clerk, at=at, case=self.case, to=self.handler.post)

    # ── handling ──────────────────────────────────────────────────────────────────────────────

    def _handled(self, *, again: bool = False) -> None:
        dice, case = self.dice, self.case
        assert self.handler is not None  # noqa: S101  set by _dispatched
        if not again and dice.random() < 0.035:
            self._sent_elsewhere()
        started = self.at
        share = dice.lognormvariate(-0.95, 0.6) * self.pace
        limit = case.category.handling_limit
        self.at = max(self.at, self.scene.calendar.fraction_at(started, limit, 0.15 * share))
        waits = self.seed.stop in (Verb.TAKE, Verb.FINISH)
        if case.state == State.DISPATCHED and (waits or dice.random() < 0.6):
            actions.take(by=self.handler.actor, at=self._now(Verb.TAKE), case=case)
        if dice.random() < 0.12:
            actions.comment(
                by=self.handler.actor, at=self._now(Verb.COMMENT), case=case,
                words=dice.choice(words.COMMENTS),
            )  # fmt: skip
        if dice.random() < (0.16 if case.category.code in ("A01", "E01", "B05") else 0.03):
            self._helped()
        if share < 0.9 and limit.kind != Kind.URGENT_HOUR:
            self._stretched()
        if share > 1 and dice.random() < 0.5 and self.heads:
            actions.urge(
                by=self.heads[0].actor, at=self._now(Verb.URGE), case=case,
                words=dice.choice(words.URGES),
            )  # fmt: skip
        self.at = max(self.at, self.scene.calendar.fraction_at(self.at, limit, share * 0.8))
        if self.seed.stop == Verb.RESUME:
            self._stood_still(dice)
        at = self._now(Verb.FINISH)
        result = dice.choice(self.scene.results[case.category.group_code])
        actions.finish(by=self.handler.actor, at=at, case=case, result=result)

    def _sent_elsewhere(self) -> None:
        assert self.handler is not None  # noqa: S101
        dice, case = self.dice, self.case
        clerk = dice.choice(self.workers).actor
        self._wait(0.6)
        if dice.random() < 0.5:
            at = self._now(Verb.RETURN)
            actions.return_case(
                by=self.handler.actor, at=at, case=case, reason=dice.choice(words.RETURNS)
            )
            self._wait(0.4)
            self._dispatched(clerk)
            return
        at = self._now(Verb.REASSIGN)
        other = dice.choice(self.workers)
        if other.post.pk == self.handler.post.pk:
            return
        actions.reassign(
            by=clerk, at=at, case=case, to=other.post, reason=dice.choice(words.REASSIGNS)
        )
        self.handler = other

    def _helped(self) -> None:
        assert self.handler is not None  # noqa: S101
        dice, case = self.dice, self.case
        helpers = self.scene.crew.nearest("street-urban-management", case.unit_key)
        if not helpers or helpers[0].post.pk in case.engaged:
            return
        helper = helpers[0]
        actions.assist(
            by=self.handler.actor, at=self._now(Verb.ASSIST), case=case, of=helper.post,
            request=dice.choice(words.REQUESTS),
        )  # fmt: skip
        self._wait(1.0)
        at = self._now(Verb.HELPED)
        actions.helped(by=helper.actor, at=at, case=case, result=dice.choice(words.HELPS))

    def _stretched(self) -> None:
        """More time asked for, or the clock stopped, now and then."""
        assert self.handler is not None  # noqa: S101
        dice, case, handler = self.dice, self.case, self.handler
        chance = dice.random()
        if chance < 0.03 and self.heads and self.heads[0].post.pk != handler.post.pk:
            at = self._now(Verb.ASK_EXTENSION)
            if case.is_overdue(at):
                return
            actions.ask_extension(
                by=handler.actor, at=at, case=case, reason=dice.choice(words.EXTENSIONS), amount=1
            )
            self._wait(0.5)
            head = self.heads[0].actor
            if dice.random() < 0.8:
                at = self._now(Verb.GRANT_EXTENSION)
                actions.grant_extension(by=head, at=at, case=case, amount=1)
            else:
                at = self._now(Verb.REFUSE_EXTENSION)
                reason = dice.choice(words.REFUSALS)
                actions.refuse_extension(by=head, at=at, case=case, reason=reason)
        elif chance < 0.06 or self.seed.stop == Verb.RESUME:
            self._stood_still(dice)

    def _stood_still(self, dice: random.Random) -> None:
        assert self.handler is not None  # noqa: S101
        if self.case.state == State.SUSPENDED:
            raise NotYet
        by, case = self.handler.actor, self.case
        at = self._now(Verb.SUSPEND)
        actions.suspend(by=by, at=at, case=case, reason=dice.choice(words.SUSPENDS))
        self._wait(1.5, span=WORK_DAY)
        actions.resume(by=by, at=self._now(Verb.RESUME), case=case)

    # ── closing ───────────────────────────────────────────────────────────────────────────────

    def _closed(self) -> None:
        dice, case = self.dice, self.case
        assert self.handler is not None  # noqa: S101
        self._wait(9.0 if dice.random() < 0.025 else 1.6)
        done_by = self.handler.post.pk
        checkers = [one for one in self.heads + self.workers if one.post.pk != done_by]
        checker = dice.choice(checkers).actor
        if dice.random() < 0.045 and case.reworks == 0:
            at = self._now(Verb.REWORK)
            actions.rework(by=checker, at=at, case=case, reason=dice.choice(words.REWORKS))
            self._handled(again=True)
            self._wait(1.5)
        actions.verify(by=checker, at=self._now(Verb.VERIFY), case=case)

    def _looked_back(self) -> None:
        """The reporter rates, or finds it undone."""
        dice, case = self.dice, self.case
        if not self.contact.phone or dice.random() > 0.42:
            return
        self._wait(0.8, span=DAY)
        if dice.random() < 0.015:
            at = self._now(Verb.REOPEN)
            actions.reopen(by=self.public, at=at, case=case, reason=dice.choice(words.REOPENS))
            self._wait(0.6)
            self._dispatched(dice.choice(self.workers).actor)
            self._handled(again=True)
            self._closed()
            self._wait(0.8, span=DAY)
        due, done = case.handle_due_at, case.finished_at
        late = bool(due and done and done > due)
        stars = words.stars(late=late, reworked=case.reworks > 0, dice=dice)
        at = self._now(Verb.RATE)
        said = dice.choice(words.PRAISE[stars])
        actions.rate(by=self.public, at=at, case=case, stars=stars, words=said)
