"""The order of the journey: which question comes next, and which must be answered first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from linli.kernel.errors import NotFound
from linli.modules.cases.models import Category
from linli.modules.cases.public import Neighbour, category_by_code, public_duplicates
from linli.platform.phones.public import texts_are_on
from linli.sites.portal.drafts import Draft

QUESTIONS = ("kind", "where", "what", "photos", "contact", "check")
# The field of a fault → the page on which it is mended.
PAGE_OF = {
    "category": "kind",
    "point": "where",
    "place": "where",
    "text": "what",
    "photos": "photos",
    "phone": "contact",
    "email": "contact",
    "proof": "phone",
}


def category_of(draft: Draft) -> Category | None:
    """The kind chosen so far."""
    if not draft.category:
        return None
    try:
        return category_by_code(draft.category)
    except NotFound:
        return None


def neighbours(draft: Draft, *, at: datetime) -> list[Neighbour]:
    """Open cases nearby that may be the same matter."""
    category = category_of(draft)
    return public_duplicates(category, draft.point, at=at) if category else []


def code_wanted(draft: Draft) -> bool:
    """Whether the number is to be proven by a code, by choice or because the kind asks for it."""
    category = category_of(draft)
    needed = category is not None and category.needs_proven_phone
    return texts_are_on() and bool(draft.phone) and (needed or draft.prove)


def missing(draft: Draft, *, at: datetime) -> str:
    """The name of the first page still to be filled in; "check" when none is."""
    category = category_of(draft)
    unanswered: dict[str, Callable[[], bool]] = {
        "kind": lambda: category is None,
        "stop": lambda: bool(category and category.stop) and not draft.stop_passed,
        # Nobody can prove a number here without a gateway: better told now than at the end.
        "in_person": lambda: (
            category is not None and category.needs_proven_phone and not texts_are_on()
        ),
        "where": lambda: draft.point is None and not draft.unit,
        "what": lambda: not draft.text,
        "photos": lambda: not draft.photos_passed,
        "same": lambda: not draft.different and bool(neighbours(draft, at=at)),
        "contact": lambda: not draft.contact_passed,
        "phone": lambda: code_wanted(draft) and not draft.proof,
    }
    return next((page for page, is_open in unanswered.items() if is_open()), "check")


ORDER = (
    "kind", "stop", "in_person", "where", "what", "photos", "same", "contact", "phone", "check",
)  # fmt: skip


def may_open(page: str, draft: Draft, *, at: datetime) -> bool:
    """Whether everything before this page is answered."""
    return ORDER.index(page) <= ORDER.index(missing(draft, at=at))


def address(page: str) -> str:
    """Where a page of the journey is."""
    return reverse(f"portal:{page}")


def count(page: str) -> tuple[int, int]:
    """Which question of how many."""
    return QUESTIONS.index(page) + 1, len(QUESTIONS)


def before(page: str, draft: Draft) -> str:
    """The address one page back."""
    back = {
        "stop": "kind", "in_person": "kind", "where": "kind", "what": "where", "photos": "what",
        "same": "photos", "contact": "photos", "phone": "contact", "check": "contact",
    }  # fmt: skip
    del draft
    return address(back[page]) if page in back else reverse("portal:home")
