"""One act on ticked rows: its form asked once, then what came of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel.errors import NotFound
from linli.kernel.ids import new_id
from linli.platform.access.actor import Actor
from linli.platform.desk.actions import do_ticked
from linli.platform.desk.doing import ActionForm
from linli.platform.desk.filters import uuid_or_none
from linli.platform.desk.models import Batch
from linli.platform.desk.reads import batch_of
from linli.platform.desk.register import Register
from linli.platform.desk.ticked import (
    DONE,
    GONE,
    MOST,
    REFUSED,
    Act,
    Came,
    Tick,
    act_named,
    acts_for,
    rows_of,
)
from linli.platform.desk.views import actor_of
from linli.platform.flow.inbox import forget_waiting
from linli.platform.pages.render import render

UNPROCESSABLE = 422
# What the pages themselves send along; the rest of a form was typed.
OWN_FIELDS = ("csrfmiddlewaretoken", "row", "back", "sure", "submission", "again")


@dataclass(frozen=True)
class Wanted:
    """What a form of ticked rows is after: the act, the ticks, and the rows of them in reach."""

    register: Register
    act: Act
    ticks: Sequence[Tick]
    found: Mapping[str, Any]
    possible: Sequence[Any]


@dataclass(frozen=True)
class AskedRow:
    """A ticked row as the page that asks shows it."""

    value: str
    title: str
    url: str
    words: str
    refusal: str


@require_http_methods(["GET", "POST"])
def act_on_many(request: HttpRequest, verb: str, *, register: Register) -> HttpResponseBase:
    """Ask once for all ticked rows; asked and answered, do it to each."""
    actor = actor_of(request)
    act = act_named(register, actor, verb)
    ticks = [Tick.read(text) for text in dict.fromkeys(request.POST.getlist("row"))]
    back = f"{register.url}?{request.POST.get('back', '')}".rstrip("?")
    if not ticks:
        if request.method == "POST":
            messages.warning(request, gettext("Tick at least one row first."))
        return redirect(back)
    if len(ticks) > MOST:
        told = gettext("At most %(most)s rows can be done at once. Tick fewer.") % {"most": MOST}
        messages.warning(request, told)
        return redirect(back)
    found = rows_of(register, actor, ticks)
    possible = [row for row in found.values() if not act.refusal(register, row, actor)]
    wanted = Wanted(register, act, ticks, found, possible)
    if "sure" not in request.POST or not possible:
        return _ask(request, wanted, _form(request, wanted))
    return _do(request, wanted)


@require_GET
def show_batch(request: HttpRequest, batch_id: UUID, *, register: Register) -> HttpResponseBase:
    """What came of each row; only for whoever did it."""
    actor = actor_of(request)
    batch = batch_of(actor, batch_id, register=register.name)
    if batch is None:
        raise NotFound
    came = [Came(*one) for one in batch.came]
    in_sight = rows_of(register, actor, [Tick(one.key) for one in came])
    acts = {act.name: act for act in acts_for(register, actor)}
    groups: dict[str, list[dict[str, str]]] = {DONE: [], REFUSED: [], GONE: []}
    for one in came:
        row = in_sight.get(one.key)
        groups[one.outcome].append(
            {
                "key": one.key,
                "title": one.title,
                "sentence": one.sentence,
                "url": register.url_of(row) if row is not None else "",
                "badges": register.badges(row, actor) if row is not None else "",
            }
        )
    act = acts.get(batch.act)
    context = {
        "register": register,
        "batch": batch,
        "words": act.words if act is not None else batch.act,
        "done": groups[DONE],
        "refused": groups[REFUSED],
        "gone": groups[GONE],
        "total": len(came),
        "again": f"{register.url}many/{batch.act}/" if act is not None else "",
        "back": f"{register.url}?{batch.query}".rstrip("?"),
    }
    return render(request, "desk/came.html", context)


def _form(request: HttpRequest, wanted: Wanted) -> ActionForm | None:
    """The form not yet filled; trying again starts from what was typed the last time."""
    act = wanted.act
    if act.form is None or not wanted.possible:
        return None
    actor = actor_of(request)
    again = uuid_or_none(request.POST.get("again", ""))
    earlier = batch_of(actor, again, register=wanted.register.name) if again else None
    given = earlier.given if earlier is not None and earlier.act == act.name else {}
    return act.form(actor=actor, rows=wanted.possible, initial=given)


def _do(request: HttpRequest, wanted: Wanted) -> HttpResponseBase:
    actor, act, data = actor_of(request), wanted.act, {}
    if act.form is not None:
        form = act.form(request.POST, actor=actor, rows=wanted.possible)
        if not form.is_valid():
            return _ask(request, wanted, form, status=UNPROCESSABLE)
        data = form.cleaned_data
    batch: Batch = do_ticked(
        actor=actor,
        at=timezone.now(),
        batch_id=uuid_or_none(request.POST.get("submission", "")) or new_id(),
        register=wanted.register,
        act=act,
        ticks=wanted.ticks,
        data=data,
        given=_typed(request),
        query=request.POST.get("back", ""),
    )
    forget_waiting(actor)
    return redirect(f"{wanted.register.url}many/{batch.pk}/")


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in request.POST.lists()
        if name not in OWN_FIELDS
    }


def _ask(
    request: HttpRequest, wanted: Wanted, form: ActionForm | None, *, status: int = 200
) -> HttpResponse:
    """The form over the list of what was ticked; each row can still be left out."""
    register, act = wanted.register, wanted.act
    back = request.POST.get("back", "")
    context = {
        "register": register,
        "act": act,
        "rows": _asked_rows(wanted, actor_of(request)),
        "gone": [tick.key for tick in wanted.ticks if tick.key not in wanted.found],
        "possible": len(wanted.possible),
        "impossible": len(wanted.found) - len(wanted.possible),
        "form": form,
        "target": f"{register.url}many/{act.name}/",
        "query": back,
        "back": f"{register.url}?{back}".rstrip("?"),
        "submission": request.POST.get("submission") or new_id(),
        "draft": f"{register.name}.many.{act.name}",
    }
    return render(request, "desk/many.html", context, status=status)


def _asked_rows(wanted: Wanted, actor: Actor) -> list[AskedRow]:
    register, act = wanted.register, wanted.act
    asked = []
    for tick in wanted.ticks:
        row = wanted.found.get(tick.key)
        if row is None:
            continue
        refusal = act.refusal(register, row, actor)
        words = act.tells(row, actor) if act.tells is not None and not refusal else ""
        version = tick.version if tick.version is not None else getattr(row, "version", None)
        value = tick.key if version is None else f"{tick.key}:{version}"
        asked.append(AskedRow(value, register.title(row), register.url_of(row), words, refusal))
    return asked
