"""What can be asked about cases. Every function takes the actor and gives only what is in reach."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.kernel.errors import NotFound
from linli.kernel.numbers import bare_number, is_valid
from linli.modules.cases.models import Case, Category, Help, Reporter, TimeRule
from linli.modules.cases.numbering import receipt_hash
from linli.modules.cases.routing import keys_above
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import OPEN, UNHELD, State
from linli.platform.access.actor import Actor
from linli.platform.access.asking import once_a_page
from linli.platform.access.models import Level, Post, Unit, valid_on
from linli.platform.access.public import for_actor
from linli.platform.access.scope import acting, open_subject
from linli.platform.flow.models import Follow

SHORTEST_SEARCH = 2


def cases(actor: Actor) -> QuerySet[Case]:
    """The cases in the actor's branch, and those the actor's post is engaged in."""
    if not actor.knows(Verb.VIEW):
        return Case.objects.none()
    return for_actor(Case.objects.all(), actor)


def case_by_id(actor: Actor, case_id: UUID) -> Case:
    """One case with what its page needs. Raises `NotFound` out of reach."""
    found = (
        cases(actor)
        .select_related("category", "unit", "handler__unit", "taken_by", "merged_into")
        .filter(pk=case_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def case_by_number(actor: Actor, number: str) -> Case:
    """The case with this number, typed in any usual way. Raises `NotFound` out of reach."""
    bare = bare_number(number)
    found = cases(actor).filter(number=bare).first() if is_valid(bare) else None
    if found is None:
        raise NotFound
    return found


def search(rows: QuerySet[Case], actor: Actor, text: str) -> QuerySet[Case]:  # noqa: ARG001
    """Keep the cases whose number, place or description holds `text`.

    The words are looked for among the newest cases in reach: a search operator that is not
    leak-proof cannot use an index under a row-level policy.
    """
    bare = bare_number(text)
    if is_valid(bare):
        return rows.filter(number=bare)
    if bare.isdigit() and len(bare) >= SHORTEST_SEARCH * 2:
        return rows.filter(Q(number__startswith=bare) | Q(place__contains=text))
    return rows.filter(Q(place__contains=text) | Q(text__contains=text))


def helps(actor: Actor, case: Case) -> list[Help]:
    """The posts asked to help with a case the actor has just read."""
    del actor
    open_subject(case.pk)
    return list(Help.objects.filter(case=case).select_related("post__unit").order_by("asked_at"))


def reporters(actor: Actor, case: Case) -> list[Reporter]:
    """Who reported or joined; telephone and name masked unless the look is put on record."""
    if not actor.knows(Verb.SEE_REPORTER):
        return []
    open_subject(case.pk)
    return list(Reporter.objects.filter(case=case).order_by("since"))


def categories(*, on: date | None = None) -> list[Category]:
    """The catalogue; with `on`, only what is open that day."""
    rows = Category.objects.order_by("code")
    if on is not None:
        rows = rows.filter(Q(closed__isnull=True) | Q(closed__gt=on))
    return list(rows)


def open_categories(*, on: date, english: bool) -> list[tuple[str, str, str]]:
    """Code, name and group of every category open that day, for choosing one."""
    language = "en" if english else "zh"
    rows = Category.objects.filter(Q(closed__isnull=True) | Q(closed__gt=on)).order_by("code")
    return list(rows.values_list("code", f"name_{language}", f"group_{language}"))


@once_a_page
def category_names(*, english: bool) -> list[tuple[UUID, str, str]]:
    """Key, code and name of every category, for lists: a quarter of the cost of whole rows."""
    name = "name_en" if english else "name_zh"
    return list(Category.objects.order_by("code").values_list("pk", "code", name))


def catalogue(actor: Actor) -> QuerySet[Category]:
    """The catalogue as rows, for everybody who sees cases."""
    return Category.objects.all() if actor.knows(Verb.VIEW) else Category.objects.none()


def serving_posts(case: Case, *, on: date) -> QuerySet[Post]:
    """The posts in use of the case's units, from its grid up to its city."""
    return (
        Post.objects.filter(unit_key__in=keys_above(case.unit_key))
        .filter(valid_on(on, starts="opened", ends="closed"))
        .select_related("unit")
        .order_by("-unit__level", "title")
    )


def followed(actor: Actor) -> QuerySet[Case]:
    """The cases in reach that the person follows."""
    marked = Follow.objects.filter(account=actor.account_id).values("subject_id")
    return cases(actor).filter(pk__in=marked)


def own_unit(actor: Actor) -> Unit | None:
    """The unit in whose name the actor acts."""
    return Unit.objects.filter(pk=actor.unit_id).first() if actor.unit_id else None


def units_of_table(actor: Actor, top_id: str | None) -> list[Unit]:
    """A unit of the actor's branch and the open units one step below it; the own one by rule."""
    own = own_unit(actor)
    if own is None:
        return []
    top = Unit.objects.select_related("parent").filter(pk=top_id).first() if top_id else None
    if top is None or not own.branch.covers(top.branch):
        top = own
    return [top, *Unit.objects.filter(parent=top, closed=None).order_by("key")]


def category_by_code(code: str) -> Category:
    """One kind of case. Raises `NotFound`."""
    found = Category.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def time_rules(actor: Actor) -> QuerySet[TimeRule]:
    """The dated limits, for everybody who sees cases."""
    return TimeRule.objects.all() if actor.knows(Verb.VIEW) else TimeRule.objects.none()


def mine(actor: Actor) -> QuerySet[Case]:
    """Open cases the person has taken on."""
    return cases(actor).filter(taken_by=actor.account_id, state__in=OPEN)


def queue(actor: Actor) -> QuerySet[Case]:
    """Open cases that wait for the actor's post: handed to it, asked of it, or its to move on."""
    waiting = Q(handler=actor.post_id, taken_by=None) | Q(
        pk__in=Help.objects.filter(post=actor.post_id, given_at=None).values("case")
    )
    step = Q(pk__in=[])
    if actor.knows(Verb.FILE) or actor.knows(Verb.DISPATCH):
        step |= Q(state__in=UNHELD)
    if actor.knows(Verb.VERIFY):
        step |= Q(state=State.FINISHED)
    if actor.knows(Verb.GRANT_EXTENSION):
        step |= Q(extension_asked=True)
    if actor.level < Level.COMMUNITY:
        # The community's own work; above it only what has been raised that far.
        step &= Q(raised_to__gt=0, raised_to__lte=actor.level) | Q(extension_asked=True)
    return cases(actor).filter(waiting | step, state__in=OPEN).exclude(taken_by=actor.account_id)


def holds_receipt(number: str, code: str) -> bool:
    """Whether this code was given to a reporter of the case with this number."""
    wanted = receipt_hash(number, code)
    with acting(Actor.system("receipt")):
        kept = Reporter.objects.filter(case__number=number).values_list("receipt", flat=True)
        return any(hmac.compare_digest(receipt, wanted) for receipt in kept)


def public_case(actor: Actor, number: str) -> Case:
    """The case a resident names by its number, for the public page. Raises `NotFound`."""
    del actor
    bare = bare_number(number)
    if not is_valid(bare):
        raise NotFound
    with acting(Actor.public(reference=bare)):
        found = (
            Case.objects.select_related("category", "unit", "merged_into")
            .filter(number=bare)
            .first()
        )
    if found is None:
        raise NotFound
    return found


def point_feature(row: Mapping[str, Any]) -> dict[str, Any]:
    """A case as a GeoJSON point without words or persons."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lng"], row["lat"]]},
        "properties": {
            "number": row["number"],
            "state": row["state"],
            "grade": row["grade"],
            "category": row["category__code"],
        },
    }
