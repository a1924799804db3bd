"""What a reporter can still do with a case already sent: add to it, be reached elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.kernel.text import clean
from linli.modules.cases.actions.notes import comment
from linli.modules.cases.intake import Contact, Report, check, require_proof
from linli.modules.cases.models import LONGEST_TEXT, Case, Reporter
from linli.modules.cases.rules import Verb
from linli.platform.access.actor import Actor
from linli.platform.access.scope import open_subject
from linli.platform.changes.public import change
from linli.platform.files.public import attach


def add_words(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    reporter: Reporter,
    words: str,
    files: Sequence[Any] = (),
) -> None:
    """Add words, and photos, to one's own report; whoever works on the case reads them.

    Raises `Invalid` at `words` when there is nothing to add or too much.
    """
    said = clean(words) or (str(_("Photos added.")) if files else "")
    if len(said) > LONGEST_TEXT:
        raise Invalid("words", _("This is longer than 2,000 characters. Shorten it."))
    if not said:
        raise Invalid("words", _("Write what you want to add, or choose a photo."))
    comment(by=by, at=at, case=case, words=said)
    for upload in files:
        attach(case, upload, by=by, at=at, kind="report" if reporter.first else "join")
    open_subject(case.pk)
    day = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    # The reporter's own copy; the newest words are kept when it grows too long.
    kept = f"{reporter.words}\n{day} {said}".strip()[-LONGEST_TEXT:]
    Reporter.objects.filter(pk=reporter.pk).update(words=kept)


def change_contact(
    *, by: Actor, at: datetime, case: Case, reporter: Reporter, contact: Contact
) -> None:
    """Be reached by another telephone or e-mail address, or no longer at all.

    Neither is written into the entry. A number stays proven as long as it stays the same. Raises
    `Invalid` at `phone`, `email`, or `proof` where the kind asks for a proven number.
    """
    _check_contact(case, contact, at=at)
    # Asked as the system, hence before the subject is opened.
    proven = contact.is_proven(at=at)
    with change(case, by=by, verb=Verb.CHANGE_CONTACT, at=at) as entry:
        open_subject(case.pk)
        kept = Reporter.objects.get(pk=reporter.pk)
        same = kept.phone == contact.phone
        proven_at = kept.phone_proven_at if same else None
        if proven_at is None and proven:
            proven_at = at
            entry.facts["phone_proven"] = True
        if not same:
            require_proof(case.category, proven=proven_at is not None, channel=by.channel)
        entry.facts["first"] = reporter.first
        Reporter.objects.filter(pk=reporter.pk).update(
            name=contact.name[:60],
            phone=contact.phone,
            phone_proven_at=proven_at,
            email=contact.email,
        )


def _check_contact(case: Case, contact: Contact, *, at: datetime) -> None:
    """The rules of a new report hold for a new contact too; its other fields are settled."""
    asked = Report(
        category=case.category.code, text=case.text, unit_id=case.unit_id, contact=contact
    )
    try:
        check(asked, on=timezone.localdate(at))
    except Invalid as error:
        faults = {k: v for k, v in error.faults.items() if k in ("name", "phone", "email")}
        if faults:
            raise Invalid.several(faults) from error
