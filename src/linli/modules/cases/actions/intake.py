"""From the report to the filed case."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from linli.kernel.errors import Invalid
from linli.kernel.geo import Point
from linli.modules.cases.duplicates import cell_of
from linli.modules.cases.intake import Checked, Contact, Report, check, require_proof
from linli.modules.cases.models import Case, Category, Help, Reporter
from linli.modules.cases.numbering import next_number, receipt_hash
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW, to_accept
from linli.modules.divisions.public import place_at
from linli.platform.access.actor import Actor
from linli.platform.access.models import Unit
from linli.platform.access.scope import acting, open_subject
from linli.platform.changes.public import change, create, store_beside
from linli.platform.files.public import attach_all, follow

RECEIPT_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Reported:
    """What the reporter takes away. `code` is "" when this very report had been sent before."""

    case: Case
    code: str
    again: bool = False


def report(*, by: Actor, at: datetime, report: Report, files: Iterable[Any] = ()) -> Reported:
    """Take a report: give it a number and a place, start its clock, keep the contact apart.

    Anybody who holds the verb may report anywhere; seeing the case afterwards is another matter.
    Sending the same form twice gives the first case again. Raises `Invalid` for faulty fields.
    """
    try:
        return _report(by=by, at=at, report=report, files=files)
    except (Invalid, IntegrityError):
        # Sent twice, and the other one was first; what could be sent then may no longer be now.
        earlier = _sent_before(report.submission)
        if earlier is None:
            raise
        return Reported(case=earlier, code="", again=True)


def _report(*, by: Actor, at: datetime, report: Report, files: Iterable[Any]) -> Reported:
    checked = check(report, on=timezone.localdate(at))
    proven = report.contact.is_proven(at=at)
    require_proof(checked.category, proven=proven, channel=report.channel)
    case = new_case(report, checked, number=next_number(timezone.localdate(at)), at=at)
    opener = replace(by, reference=case.number)
    code = "".join(secrets.choice("0123456789") for _digit in range(RECEIPT_DIGITS))
    with acting(opener):
        begin(case, report, by=opener, at=at, code=code, proven=proven)
        attach_all(case, list(files), by=opener, at=at, kind="report", field="photos")
    return Reported(case=case, code=code)


def new_case(report: Report, checked: Checked, *, number: str, at: datetime) -> Case:
    """The case of a checked report, not yet begun."""
    case = Case(
        number=number,
        category=checked.category,
        grade=checked.category.grade,
        text=checked.text,
        place=checked.place,
        answers=checked.answers,
        channel=report.channel,
        submission=report.submission,
        reported_at=at,
    )
    _locate(case, checked.unit, report.point)
    return case


def begin(
    case: Case, report: Report, *, by: Actor, at: datetime, code: str, proven: bool = False
) -> None:
    """Start the case's life and clock, and keep its reporter beside it."""
    with create(case, by=by, verb=Verb.REPORT, at=at) as entry:
        FLOW.begin(case, at=at, entry=entry, due=to_accept)
        entry.facts["channel"] = report.channel
        if proven:
            entry.facts["phone_proven"] = True
    _keep_reporter(case, report.contact, code=code, at=at, language=report.language, proven=proven)


def join(*, by: Actor, at: datetime, case: Case, contact: Contact, words: str = "") -> str:
    """Follow an open case instead of reporting the same again; returns the code to keep.

    Raises `Invalid` at `proof` where the kind asks for a proven number.
    """
    proven = contact.is_proven(at=at)
    require_proof(case.category, proven=proven, channel=by.channel)
    code = "".join(secrets.choice("0123456789") for _digit in range(RECEIPT_DIGITS))
    joiner = replace(by, reference=case.number)
    with acting(joiner):
        with change(case, by=joiner, verb=Verb.JOIN, at=at) as entry:
            FLOW.move(case, Verb.JOIN, at=at, by=joiner, entry=entry)
            if proven:
                entry.facts["phone_proven"] = True
        _keep_reporter(case, contact, code=code, at=at, first=False, words=words, proven=proven)
    return code


def accept(*, by: Actor, at: datetime, case: Case, expected: int | None = None) -> None:
    """Take the report in: somebody has looked at it and answers for filing it."""
    with change(case, by=by, verb=Verb.ACCEPT, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.ACCEPT, at=at, by=by, entry=entry)


def reject(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Turn a false or unfounded report down; the reporter reads the reason."""
    with change(case, by=by, verb=Verb.REJECT, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.REJECT, at=at, by=by, entry=entry, given={"reason": reason})
        case.closed_at = at


def cancel(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Withdraw a case that nobody has been sent out for."""
    with change(case, by=by, verb=Verb.CANCEL, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.CANCEL, at=at, by=by, entry=entry, given={"reason": reason})
        case.closed_at = at


def classify(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    category: Category | None = None,
    point: Point | None = None,
    place: str | None = None,
    expected: int | None = None,
) -> None:
    """Correct the category or the place before the case is dispatched."""
    with change(case, by=by, verb=Verb.CLASSIFY, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.CLASSIFY, at=at, by=by, entry=entry)
        if category is not None and category.pk != case.category_id:
            entry.facts["category"] = [case.category.name_zh, category.name_zh]
            case.category, case.grade = category, category.grade
        if place is not None:
            case.place = place
        if point is not None:
            unit = place_at(point, on=timezone.localdate(at))
            if unit is not None:
                entry.facts["unit"] = [case.unit.name, unit.name]
                _locate(case, unit, point)
                _take_along(case, by=by)


def file(*, by: Actor, at: datetime, case: Case, expected: int | None = None) -> None:
    """File the case: the conditions of its category hold; now somebody must be sent."""
    with change(case, by=by, verb=Verb.FILE, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.FILE, at=at, by=by, entry=entry)
        case.filed_at = at


def _locate(case: Case, unit: Unit, point: Point | None) -> None:
    case.place_in(unit)
    case.lng, case.lat = point or (None, None)
    case.cell = cell_of(point) if point else None


def _take_along(case: Case, *, by: Actor) -> None:
    """What hangs on the case lies where the case lies."""
    open_subject(case.pk)
    for model in (Reporter, Help):
        model.objects.filter(case=case).update(unit=case.unit_id, unit_key=case.unit_key)
    follow(case, by=by)


def _keep_reporter(
    case: Case,
    contact: Contact,
    *,
    code: str,
    at: datetime,
    first: bool = True,
    words: str = "",
    language: str = "",
    proven: bool = False,
) -> None:
    reporter = Reporter(
        case=case,
        unit_id=case.unit_id,
        unit_key=case.unit_key,
        first=first,
        name=contact.name[:60],
        phone=contact.phone,
        phone_proven_at=at if proven else None,
        email=contact.email,
        words=words,
        receipt=receipt_hash(case.number, code),
        language=language,
        since=at,
    )
    store_beside(case, reporter)


def _sent_before(submission: UUID | None) -> Case | None:
    if submission is None:
        return None
    with acting(Actor.system("submission")):
        return Case.objects.filter(submission=submission).first()
