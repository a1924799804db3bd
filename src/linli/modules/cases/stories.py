"""What residents see of cases: a story without persons, and to reporters what they said themselves.

Two kinds of reader: anybody who names a number, and whoever proves with the code of the receipt to
have reported it. The second kind holds two more verbs over this one case.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from linli.kernel.errors import Invalid, NotFound
from linli.kernel.numbers import bare_number, is_valid
from linli.kernel.worktime import Span
from linli.modules.cases.intake import Report, check
from linli.modules.cases.limits import stage_limit
from linli.modules.cases.models import Case, Category, Reporter
from linli.modules.cases.numbering import receipt_hash
from linli.modules.cases.reads import categories
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW, OPEN, STAGE_OF, STAGES, State
from linli.platform.access.actor import Actor
from linli.platform.access.models import Level, Unit
from linli.platform.access.scope import acting, open_subject
from linli.platform.changes.models import Entry
from linli.platform.changes.verbs import public_verbs
from linli.platform.files.public import Shown, shown
from linli.platform.flow.calendar import work_calendar

BESIDE_PUBLIC = frozenset({str(Verb.COMMENT), str(Verb.CHANGE_CONTACT)})
IN_HAND = (State.HANDLING, State.SUSPENDED)
SOLVED = (State.CLOSED, State.RATED)
# How many of the newest cases tell what is reported often, and what was solved lately.
NEWEST = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a case on its public page; `state` is passed, now or to-come."""

    title: str | Promise
    state: str
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A case as anybody may read it who names its number."""

    number: str
    state: str
    state_label: str
    is_open: bool
    # Kinds about persons and quarrels: number, stage and promised time only.
    shown: bool
    kind: str
    place: str
    steps: Sequence[Step]
    due_at: datetime | None
    due_provisional: bool
    paused: bool
    handler: str
    result: str
    reason: str
    rating: int | None
    goes_on_as: str
    reported_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Own:
    """What a proven reporter sees and may do beside the story."""

    reporter: Reporter
    case: Case
    text: str
    place: str
    answers: Sequence[tuple[str, str]]
    added: str
    photos: Sequence[Shown]
    results: Sequence[Shown]
    may_cancel: bool
    may_rate: bool
    may_reopen: bool
    may_add: bool
    rate_until: datetime | None
    reopen_until: datetime | None


def passer_by() -> Actor:
    """Somebody from the street, before any number is named."""
    return Actor.public(public_verbs())


def reporter_actor(number: str) -> Actor:
    """Whoever proved to have reported this case."""
    return Actor.public(public_verbs() | BESIDE_PUBLIC, reference=number)


def story(number: str, *, proven: bool = False) -> Story:
    """The case with this number as the public reads it. Raises `NotFound`."""
    bare = bare_number(number)
    if not is_valid(bare):
        raise NotFound
    with acting(Actor.public(public_verbs(), reference=bare)):
        case = _case(bare)
        open_subject(case.pk)
        entries = list(Entry.objects.filter(subject_id=case.pk).order_by("seq"))
        handed = _handed_to(entries)
    whole = proven or case.category.shown_publicly
    label = State(case.state).label
    return Story(
        number=case.number,
        state=case.state,
        state_label=str(label),
        is_open=case.state in OPEN,
        shown=whole,
        kind=case.category.name if whole else "",
        place=place_name(case.unit) if whole else "",
        steps=_steps(case, entries, handed) if whole else (),
        due_at=case.due_at if case.state in OPEN else None,
        due_provisional=case.due_provisional,
        paused=case.paused_at is not None,
        handler=handed if whole and case.handler_id else "",
        result=case.result if whole and case.state in (State.FINISHED, *SOLVED) else "",
        reason=_reason(case, entries) if whole else "",
        rating=case.rating if whole else None,
        goes_on_as=_number_of(case.merged_into_id),
        reported_at=case.reported_at if whole else None,
        closed_at=case.closed_at if whole else None,
    )


def proven_reporter(number: str, code: str) -> Reporter | None:
    """The reporter of this case who was given this code; None when nobody was."""
    wanted = receipt_hash(number, code)
    with acting(Actor.system("receipt")):
        for reporter in Reporter.objects.filter(case__number=number):
            if reporter.receipt and hmac.compare_digest(reporter.receipt, wanted):
                return reporter
    return None


def own(number: str, reporter: Reporter, *, at: datetime) -> Own:
    """What this reporter sees, as `proven_reporter` gave it. Raises `NotFound`."""
    with acting(reporter_actor(number)) as actor:
        case = _case(number)
        moves = {str(move.verb) for move in FLOW.available(case, actor)}
        rate_until, reopen_until = (_until(case, name, at=at) for name in ("rate", "reopen"))
        first = reporter.first
        return Own(
            reporter=reporter,
            case=case,
            text=case.text if first else reporter.words,
            place=case.place if first else "",
            answers=_answers(case) if first else (),
            added=reporter.words if first else "",
            photos=shown(case, kind="report", reference=number) if first else (),
            results=shown(case, kind="result", reference=number),
            may_cancel=first and Verb.CANCEL in moves,
            may_rate=Verb.RATE in moves and (rate_until is None or at <= rate_until),
            may_reopen=Verb.REOPEN in moves and (reopen_until is None or at <= reopen_until),
            may_add=case.state in OPEN,
            rate_until=rate_until,
            reopen_until=reopen_until,
        )


def faults_of(report: Report, *fields: str, on: date) -> dict[str, str]:
    """What `check` finds at these fields of a report that is not complete yet."""
    try:
        check(report, on=on)
    except Invalid as error:
        return {field: text for field, text in error.faults.items() if field in fields}
    return {}


def kinds(*, at: datetime) -> list[Category]:
    """What may be reported now."""
    return categories(on=timezone.localdate(at))


def often_reported(*, at: datetime, most: int) -> list[Category]:
    """The kinds most often among the newest reports; filled up with the first of each group."""
    known = {kind.pk: kind for kind in kinds(at=at)}
    with acting(Actor.system("often reported")):
        newest = Case.objects.order_by("-reported_at", "-id").values_list("category")[:NEWEST]
        counted = Counter(pk for (pk,) in newest if pk in known)
    found = [known[pk] for pk, _count in counted.most_common(most)]
    others = sorted(known.values(), key=lambda kind: (kind.code[1:], kind.code))
    return (found + [kind for kind in others if kind not in found])[:most]


@dataclass(frozen=True, slots=True)
class Solved:
    """A public case brought to its end; tells no words and no persons."""

    kind: str
    place: str
    closed_at: datetime


def lately_solved(*, most: int) -> list[Solved]:
    """The newest reports already closed, of kinds that may be shown."""
    with acting(Actor.system("lately solved")):
        newest = list(
            Case.objects.order_by("-reported_at", "-id").values_list("pk", flat=True)[:NEWEST]
        )
        found = (
            Case.objects.filter(
                pk__in=newest,
                state__in=SOLVED,
                category__shown_publicly=True,
                closed_at__isnull=False,
            )
            .select_related("category", "unit__parent__parent")
            .order_by("-closed_at")[:most]
        )
        return [
            Solved(case.category.name, place_name(case.unit), case.closed_at)
            for case in found
            if case.closed_at is not None
        ]


def promise(category: Category) -> Span:
    """How long handling may take once it is handed over."""
    return category.handling_limit


def place_name(unit: Unit) -> str:
    """Street and community; a grid would say too much about where somebody lives."""
    named = unit.parent if unit.level == Level.GRID and unit.parent else unit
    above = named.parent
    if above is None or above.level < Level.STREET:
        return named.name
    return _("%(street)s, %(community)s") % {"street": above.name, "community": named.name}


def _case(number: str) -> Case:
    found = (
        Case.objects.select_related("category", "unit__parent__parent")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _number_of(case_id: UUID | None) -> str:
    """The number of another case, which this reader could not name."""
    if case_id is None:
        return ""
    with acting(Actor.system("merged")):
        return Case.objects.values_list("number", flat=True).get(pk=case_id)


def _handed_to(entries: Sequence[Entry]) -> str:
    """The title of the post the case was last handed to, as the entry told it."""
    handed = [entry for entry in entries if entry.verb in (Verb.DISPATCH, Verb.REASSIGN)]
    return str(handed[-1].facts.get("to", "")) if handed else ""


def _reason(case: Case, entries: Sequence[Entry]) -> str:
    verb = {State.REJECTED: Verb.REJECT, State.CANCELLED: Verb.CANCEL}.get(State(case.state))
    told = [str(e.facts.get("reason", "")) for e in entries if e.verb == verb]
    # Why somebody withdrew a report is their own matter.
    return told[-1] if told and verb == Verb.REJECT else ""


def _steps(case: Case, entries: Sequence[Entry], handed: str) -> list[Step]:
    last = {entry.verb: entry.at for entry in entries}
    moments: Mapping[str, datetime | None] = {
        "report": case.reported_at,
        "accept": last.get(str(Verb.ACCEPT)),
        "file": case.filed_at,
        "dispatch": case.dispatched_at,
        "handle": last.get(str(Verb.TAKE)),
        "feedback": case.finished_at,
        "check": last.get(str(Verb.VERIFY)),
        "close": case.closed_at,
        "evaluate": last.get(str(Verb.RATE)),
    }
    if case.state not in STAGE_OF:
        return _ended_early(case, moments)
    reached = STAGE_OF[State(case.state)]
    passed = reached - 1 if case.state in IN_HAND else reached
    texts = {"dispatch": handed, "feedback": case.result}
    steps = []
    for place, (name, title) in enumerate(STAGES, start=1):
        state = "passed" if place <= passed else "now" if place == passed + 1 else "to-come"
        here = place <= reached
        steps.append(
            Step(title, state, moments[name] if here else None, texts.get(name, "") if here else "")
        )
    return steps


def _ended_early(case: Case, moments: Mapping[str, datetime | None]) -> list[Step]:
    """Only what happened, and how it ended."""
    steps = [
        Step(title, "passed", moments[name])
        for name, title in STAGES[:3]
        if moments[name] is not None
    ]
    return [*steps, Step(State(case.state).label, "passed", case.closed_at)]


def _until(case: Case, name: str, *, at: datetime) -> datetime | None:
    window = stage_limit(name, on=at)
    if case.closed_at is None or window is None:
        return None
    return work_calendar().due(case.closed_at, window).at


def _answers(case: Case) -> list[tuple[str, str]]:
    english = case.category.name == case.category.name_en
    asked = {
        question["key"]: question["en" if english else "zh"] for question in case.category.questions
    }
    return [(asked.get(key, key), value) for key, value in case.answers.items()]
