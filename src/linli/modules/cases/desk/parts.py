"""Parts of the page of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.geo import Point
from linli.modules.cases import reads
from linli.modules.cases.duplicates import likely_duplicates
from linli.modules.cases.models import Case, Reporter
from linli.modules.cases.routing import propose_handlers
from linli.modules.cases.rules import Verb
from linli.modules.cases.standing import standings
from linli.modules.cases.states import UNHELD, State
from linli.platform.access.actor import Actor
from linli.platform.access.models import Level
from linli.platform.changes.public import Line
from linli.platform.desk.details import said
from linli.platform.files.public import shown
from linli.platform.pages.formats import phone_mask


def actor_of(request: HttpRequest) -> Actor:
    """Who looks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def files(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:  # noqa: ARG001
    """Photos and papers of the case, those of the report first."""
    found = shown(case)
    if not found:
        return None
    return {
        "photos": [
            {"url": f.url, "thumb": f.thumb_url, "alt": f.name, "caption": kind_of(f.attachment)}
            for f in found
            if f.is_image and f.url
        ],
        "papers": [f for f in found if not f.is_image or not f.url],
    }


def kind_of(attachment: Any) -> str:
    """What a file is to the case."""
    return {"report": _("Report"), "result": _("Result"), "note": _("Note")}.get(
        attachment.kind, ""
    )


def duplicates(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """Likely duplicates while the case is not yet in hand."""
    if case.state not in UNHELD or case.lng is None or case.lat is None:
        return None
    near = likely_duplicates(
        case.category, Point(case.lng, case.lat), at=timezone.now(), other_than=case
    )
    if not near:
        return None
    return {"near": near, "may_merge": actor_of(request).may(Verb.MERGE, case)}


def proposals(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """Who should handle it, before it is dispatched."""
    if case.state != State.FILED or not actor_of(request).may(Verb.DISPATCH, case):
        return None
    now = timezone.now()
    found = propose_handlers(case, at=now)
    posts = [proposal.post for proposal in found]
    known = standings(posts, actor_of(request), on=timezone.localdate(now))
    return {"proposals": [(proposal, known[proposal.post.pk]) for proposal in found]}


def filing(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """The conditions of filing, while it is being decided."""
    if case.state not in (State.REPORTED, State.ACCEPTED) or not case.category.filing:
        return None
    if not actor_of(request).may(Verb.FILE, case):
        return None
    return {"conditions": case.category.filing}


def helps(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """The posts asked for help, and what came of it."""
    found = reads.helps(actor_of(request), case)
    return {"helps": found} if found else None


def reporter(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """Who reported, masked; the full contact is a verb with a reason."""
    people = reads.reporters(actor_of(request), case)
    if not people:
        return None
    return {"people": [masked(person) for person in people]}


def masked(person: Reporter) -> dict[str, Any]:
    """A reporter as the page shows one."""
    return {
        "name": f"{person.name[0]}**" if person.name else _("anonymous"),
        "phone": phone_mask(person.phone) if person.phone else "",
        "proven": person.phone_proven_at is not None,
        "email": bool(person.email),
        "first": person.first,
        "words": person.words,
        "since": person.since,
    }


def place(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:  # noqa: ARG001
    """The point on the map."""
    if case.lng is None or case.lat is None:
        return None
    return {"point": feature(case)}


def feature(case: Case) -> dict[str, Any]:
    """The case as one GeoJSON point."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [case.lng, case.lat]},
                "properties": {"title": case.place or case.number, "tone": "info"},
            }
        ],
    }


def story(line: Line) -> str:
    """What an entry tells beside its verb."""
    facts = line.facts
    parts = [said(line)]
    if facts.get("into"):
        parts.append(f"→ {facts['into']}")
    if facts.get("merged"):
        parts.append(_("joined by %(number)s") % {"number": facts["merged"]})
    if facts.get("of"):
        parts.insert(0, f"→ {facts['of']}")
    if facts.get("from"):
        parts.insert(0, f"← {facts['from']}")
    if facts.get("stars"):
        parts.append("★" * int(facts["stars"]) + "☆" * (5 - int(facts["stars"])))
    if facts.get("used"):
        parts.append(
            _("%(share)s%% of the time is used") % {"share": round(float(facts["used"]) * 100)}
        )
    if facts.get("to_level"):
        parts.append(_("to the level: %(level)s") % {"level": Level(int(facts["to_level"])).label})
    for name in ("category", "unit"):
        if facts.get(name):
            parts.append(" → ".join(facts[name]))
    return "\n".join(part for part in parts if part)
