"""Words on a case that do not move it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.cases.models import Case, Reporter
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW
from linli.platform.access.actor import Actor
from linli.platform.access.scope import open_subject
from linli.platform.changes.public import change, note
from linli.platform.files.public import attach_all


def comment(*, by: Actor, at: datetime, case: Case, words: str, files: Iterable[Any] = ()) -> None:
    """Add words, and papers, for everybody who works on the case."""
    with change(case, by=by, verb=Verb.COMMENT, at=at) as entry:
        FLOW.move(case, Verb.COMMENT, at=at, by=by, entry=entry, given={"words": words})
        attach_all(case, list(files), by=by, at=at, kind="note", field="photos")


def urge(*, by: Actor, at: datetime, case: Case, words: str = "") -> None:
    """Remind whoever holds the case, by hand."""
    with change(case, by=by, verb=Verb.URGE, at=at) as entry:
        FLOW.move(case, Verb.URGE, at=at, by=by, entry=entry, given={"words": words})


def see_reporter(*, by: Actor, at: datetime, case: Case, reason: str) -> list[Reporter]:
    """The reporters' names and telephones, unmasked; the look and its reason are on record."""
    if not reason.strip():
        raise Invalid("reason", _("Please give a reason."))
    note(case, by=by, verb=Verb.SEE_REPORTER, at=at, facts={"reason": reason.strip()})
    open_subject(case.pk)
    return list(Reporter.objects.filter(case=case).order_by("since"))
