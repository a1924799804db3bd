"""What somebody reports, checked before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.kernel.geo import Point, is_point
from linli.kernel.text import clean
from linli.modules.cases.models import LONGEST_TEXT, Category, Channel
from linli.modules.divisions.public import place_at, unit_for_report
from linli.platform.access.models import Unit
from linli.platform.phones.public import proven_phone

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHORTEST_TEXT = 4
PHONE = re.compile(r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?)$")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the reporter; empty for an anonymous report.

    `proof` is the proof of the telephone number, where a code sent to it came back.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    proof: UUID | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.phone or self.email)

    def is_proven(self, *, at: datetime) -> bool:
        """Whether the number, as it stands here, was proven within a day."""
        if self.proof is None or not self.phone:
            return False
        return proven_phone(self.proof, at=at) == self.phone


@dataclass(frozen=True, slots=True)
class Report:
    """What a reporter says. `point` in WGS84 degrees; `unit_id` when there is no point."""

    category: str
    text: str
    place: str = ""
    point: Point | None = None
    unit_id: UUID | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    contact: Contact = Contact()
    channel: str = "portal"
    submission: UUID | None = None
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Checked:
    """A report that can be stored, with what was found for it."""

    category: Category
    unit: Unit
    text: str
    place: str
    answers: dict[str, str]


def check(report: Report, *, on: date) -> Checked:
    """Look at everything at once. Raises `Invalid` naming every field that needs mending."""
    faults: dict[str, str | _StrPromise] = {}
    category = Category.objects.filter(code=report.category).first()
    if category is None:
        faults["category"] = _("Choose what it is about.")
    elif category.closed is not None and category.closed <= on:
        faults["category"] = _("This kind of report is no longer taken. Choose another kind.")
    text = clean(report.text)
    if len(text) < SHORTEST_TEXT:
        faults["text"] = _("Describe in a few words what is wrong.")
    elif len(text) > LONGEST_TEXT:
        faults["text"] = _("This is longer than 2,000 characters. Shorten it, or attach a file.")
    unit = _unit(report, faults, on=on)
    _contact(report, category, faults)
    if faults or category is None or unit is None:
        raise Invalid.several(faults)
    known = {question["key"] for question in category.questions}
    return Checked(
        category=category,
        unit=unit,
        text=text,
        place=clean(report.place)[:200],
        answers={k: clean(v)[:200] for k, v in report.answers.items() if k in known and v.strip()},
    )


def _unit(report: Report, faults: dict[str, str | _StrPromise], *, on: date) -> Unit | None:
    if report.point is not None:
        unit = place_at(report.point, on=on) if is_point(*report.point) else None
        if unit is None:
            faults["point"] = _(
                "This point lies outside the city. Move it to the place you mean, "
                "or choose the community instead."
            )
        return unit
    unit = unit_for_report(report.unit_id, on=on) if report.unit_id else None
    if unit is None:
        faults["point"] = _("Mark the place on the map, or choose the community.")
    return unit


def require_proof(category: Category, *, proven: bool, channel: str) -> None:
    """Refuse an unproven number where the kind asks for a proven one. Raises `Invalid` at `proof`.

    Staff who take a report see or hear the person themselves.
    """
    if category.needs_proven_phone and not proven and channel == Channel.PORTAL:
        raise Invalid(
            "proof",
            _(
                "For this kind of report your number must be proven by a code. Where that is not "
                "possible, please call or come to the window."
            ),
        )


def _contact(
    report: Report, category: Category | None, faults: dict[str, str | _StrPromise]
) -> None:
    contact = report.contact
    if contact.phone and not PHONE.match(contact.phone):
        faults["phone"] = _("This is not a telephone number. Example: 13812345678.")
    if contact.email and not EMAIL.match(contact.email):
        faults["email"] = _("This is not an e-mail address. Example: name@example.com.")
    if category is not None and not category.anonymous_allowed and contact.is_empty:
        faults["phone"] = _("For this kind of report we must be able to call you back.")
    elif (
        category is not None
        and category.needs_proven_phone
        and report.channel == Channel.PORTAL
        and not contact.phone
    ):
        faults["phone"] = _("For this kind of report we need your mobile number.")
