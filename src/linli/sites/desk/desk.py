"""Registers of the platform itself: the audit trail, and the exports made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.platform.access.actor import Actor
from linli.platform.access.reads import unit_by_key
from linli.platform.changes.public import Entry, all_verbs, label_of
from linli.platform.changes.reads import entries
from linli.platform.changes.rules import Verb
from linli.platform.changes.timeline import line_of, who_did
from linli.platform.desk.details import SAID
from linli.platform.desk.filters import uuid_or_none
from linli.platform.desk.forms import FILE_KINDS
from linli.platform.desk.models import Export
from linli.platform.desk.public import (
    Choice,
    Column,
    Empty,
    Exactly,
    Fact,
    Facts,
    Lookup,
    Menu,
    Moment,
    Number,
    Period,
    Reader,
    Register,
    Template,
    Within,
    registers,
)
from linli.platform.desk.reads import exports
from linli.sites.desk.facts import told

CHANNELS = {
    "desk": _("Desk"),
    "portal": _("Residents' page"),
    "field": _("In the field"),
    "api": _("Programming interface"),
    "job": _("The platform itself"),
}


def by_person(rows: QuerySet[Entry], actor: Actor, text: str, /) -> QuerySet[Entry]:  # noqa: ARG001
    """Entries of people whose name begins so."""
    return rows.filter(actor_name__startswith=text)


def verb_choices(actor: Actor) -> Iterable[tuple[str, str]]:  # noqa: ARG001
    """Every verb of the installation, with the module's name before it."""
    modules = {config.label: str(config.verbose_name) for config in apps.get_app_configs()}
    found = [
        (name, f"{modules.get(info.module, info.module)} · {info.label}")
        for name, info in all_verbs().items()
    ]
    return sorted(found, key=lambda pair: pair[1])


def verb_labels(reader: Reader) -> Mapping[str, str]:  # noqa: ARG001
    """Verbs by name in the reader's language."""
    return {name: str(info.label) for name, info in all_verbs().items()}


def subject_labels(reader: Reader) -> Mapping[str, str]:  # noqa: ARG001
    """Kinds of rows in words, those of a register by its name."""
    found = {m._meta.label_lower: str(m._meta.verbose_name) for m in apps.get_models()}
    for one in reversed(registers()):
        found[one.model._meta.label_lower] = one.heading
    return found


def channel_labels(reader: Reader) -> Mapping[str, str]:  # noqa: ARG001
    """Channels in words."""
    return {name: str(label) for name, label in CHANNELS.items()}


def channel_choices(actor: Actor) -> Iterable[tuple[str, str]]:  # noqa: ARG001
    """Channels to choose from."""
    return [(name, str(label)) for name, label in CHANNELS.items()]


def register_labels(reader: Reader) -> Mapping[str, str]:  # noqa: ARG001
    """Registers by name."""
    return {one.name: one.heading for one in registers()}


def file_kinds() -> dict[Any, str]:
    """Kinds of files in words."""
    return {name: str(label) for name, label in FILE_KINDS}


def columns_of(row: Export, actor: Actor) -> str:
    """The columns that left, by the heads they have in their list."""
    heads: dict[str, str] = {}
    for one in registers():
        if one.name == row.register:
            heads = {column.key: str(column.label) for column in one.columns_for(actor)}
    return "、".join(heads.get(key, key) for key in row.columns)


def account_name(actor: Actor, value: str) -> str | None:
    """The person whose entries are asked for, as the entries in the actor's branch name them."""
    account_id = uuid_or_none(value)
    if account_id is None:
        return None
    return entries(actor).filter(account_id=account_id).values_list("actor_name", flat=True).first()


def doer(row: Mapping[str, Any]) -> str:
    """Who did it; what runs by itself has no name that a reader would know."""
    return who_did(Entry(**{name: row[name] for name in ("actor_name", "account_id", "channel")}))


def what(row: Entry, actor: Actor) -> str:  # noqa: ARG001
    """The verb in words."""
    return label_of(row.verb)


def where(row: Any, actor: Actor) -> str:  # noqa: ARG001
    """The unit the entry lies in."""
    unit = unit_by_key(row.unit_key)
    return unit.name if unit is not None else row.unit_key


def moved(request: Any, row: Entry) -> Mapping[str, Any] | None:  # noqa: ARG001
    """What the entry tells: columns that moved, words given, facts."""
    line = line_of(row)
    words = [str(line.facts[k]) for k in SAID if line.facts.get(k)]
    return {"line": line, "told": told(line.facts, but=SAID), "words": words}


class Trail(Register):
    """Every entry of the actor's branch."""

    name = "trail"
    model = Entry
    label = _("Audit trail")
    about = _("Who did what, when, in which capacity. Entries cannot be changed or removed.")
    view_verb = Verb.VIEW_TRAIL
    rows = staticmethod(entries)
    search = staticmethod(by_person)
    columns = (
        Moment("at", _("When")),
        Lookup("verb", _("What"), labels=verb_labels),
        Lookup("subject_type", _("Concerning"), labels=subject_labels),
        Column("actor_name", _("Who"), needs=("actor_name", "account_id", "channel"), show=doer),
        Column("post_title", _("In which capacity")),
        Column("on_behalf_of", _("On behalf of"), hidden=True),
        Lookup("channel", _("By way of"), labels=channel_labels),
        Column("seq", _("Number in the trail"), sort=True, hidden=True),
    )
    default_sort = "-seq"
    filters = (
        Choice("verb", _("What"), choices=verb_choices),
        Choice("channel", _("By way of"), choices=channel_choices),
        Within("unit"),
        Period("at", _("When")),
        Exactly("person", _("Person"), path="account_id", words=account_name),
    )
    detail = (
        Facts(
            Fact("at", _("When")),
            Fact("verb", _("What"), show=what),
            Fact("actor_name", _("Who"), show=lambda row, _actor: who_did(row)),
            Fact("post_title", _("In which capacity")),
            Fact("on_behalf_of", _("On behalf of"), hide_empty=True),
            Fact("unit", _("Where"), show=where),
            Fact("subject_id", _("Concerning"), show=lambda row, _actor: str(row.subject_id)),
            Fact("digest", _("Digest"), show=lambda row, _actor: row.digest),
        ),
        Template("site_desk/parts/moved.html", moved, _("What it tells")),
    )
    menu = Menu(_("Audit trail"), group="settings", icon="history", order=80)
    empty = Empty(_("No entry yet"), _("Everything done in your area will stand here."))

    def title(self, row: Any) -> str:
        return label_of(row.verb)

    def summary(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return " · ".join(part for part in (who_did(row), row.post_title) if part)


class Exports(Register):
    """Lists that left the system as files."""

    name = "exports"
    model = Export
    label = _("Exports")
    about = _("Every list that left the system as a file: who, when, what for.")
    view_verb = Verb.VIEW_TRAIL
    rows = staticmethod(exports)
    columns = (
        Moment("at", _("When")),
        Lookup("register", _("List"), labels=register_labels),
        Column("account", _("Who")),
        Column("purpose", css="clip"),
        Number("rows"),
        Lookup("form", labels=lambda reader: file_kinds(), hidden=True),
        Column("query", hidden=True, css="clip"),
    )
    filters = (Within("unit"), Period("at", _("When")))
    detail = (
        Facts(
            "at",
            Fact("account", _("Who")),
            "purpose",
            "rows",
            Fact("form", show=lambda row, _actor: str(file_kinds().get(row.form, row.form))),
            Fact("query", hide_empty=True),
            Fact("columns", show=columns_of),
        ),
    )
    menu = Menu(_("Exports"), group="settings", icon="file-export", order=81)
    empty = Empty(_("No export yet"), _("Lists that leave the system as files stand here."))

    def title(self, row: Any) -> str:
        return str(row.purpose)
