"""From the form to the action."""

from __future__ import annotations

from linli.kernel.errors import Invalid, NotFound
from linli.kernel.geo import Point
from linli.modules.cases import actions, reads
from linli.modules.cases.intake import Contact, Report
from linli.modules.cases.masking import masked_contact
from linli.modules.cases.models import Case
from linli.platform.desk.public import Doing


def report(doing: Doing) -> Case | str:
    """Take a report for somebody."""
    data = doing.data
    contact = Contact(name=data["name"], phone=data["phone"], email=data["email"])
    helper = doing.actor.helping(masked_contact(contact))
    told = actions.report(
        by=helper,
        at=doing.at,
        report=Report(
            category=data["category"],
            text=data["text"],
            place=data["place"],
            point=point_of(data),
            unit_id=data["unit"] or None,
            contact=contact,
            channel=data["channel"],
            submission=data["submission"],
        ),
        files=data["photos"] or [],
    )
    return told.case


def classify(doing: Doing) -> None:
    """Correct category and place."""
    actions.classify(
        by=doing.actor, at=doing.at, case=doing.row, category=doing.data["category"],
        place=doing.data["place"], point=point_of(doing.data), expected=doing.expected,
    )  # fmt: skip


def merge(doing: Doing) -> None:
    """Merge into the case whose number was typed."""
    try:
        into = reads.case_by_number(doing.actor, doing.data["number"])
    except NotFound as missing:
        raise Invalid("number", missing.message) from missing
    actions.merge(by=doing.actor, at=doing.at, case=doing.row, into=into, expected=doing.expected)


def point_of(data: object) -> Point | None:
    """The point of a form, if both halves were given."""
    get = data.get  # type: ignore[attr-defined]
    lng, lat = get("lng"), get("lat")
    return Point(lng, lat) if lng is not None and lat is not None else None
