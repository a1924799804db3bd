"""The order of the journey: which question comes next, and which must be answered first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from linli.kernel.errors import NotFound
from linli.modules.cases.models import Category
from linli.modules.cases.public import Neighbour, category_by_code, public_duplicates
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


def missing(draft: Draft, *, at: datetime) -> str:
    """The name of the first page still to be filled in; "check" when none is."""
    category = category_of(draft)
    unanswered: dict[str, Callable[[], bool]] = {
        "kind": lambda: category is None,
        "stop": lambda: bool(category and category.stop) and not draft.stop_passed,
        "where": lambda: draft.point is None and not draft.unit,
        "what": lambda: not draft.text,
        "photos": lambda: not draft.photos_passed,
        "same": lambda: not draft.different and bool(neighbours(draft, at=at)),
        "contact": lambda: not draft.contact_passed,
    }
    return next((page for page, is_open in unanswered.items() if is_open()), "check")


ORDER = ("kind", "stop", "where", "what", "photos", "same", "contact", "check")


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
    back = {"where": "kind", "what": "where", "photos": "what", "contact": "photos"}
    if page == "check":
        return address("contact")
    if page == "stop":
        return address("kind")
    if page == "same":
        return address("photos")
    del draft
    return address(back[page]) if page in back else reverse("portal:home")
