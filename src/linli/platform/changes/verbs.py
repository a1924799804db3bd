"""A verb is written once: permission, function, move, entry, event and button have its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import models
from django.utils.functional import Promise


class Keep(StrEnum):
    """How an entry of this verb forgets.

    Entries never hold personal values (they are masked when written); what may still point at a
    person are the words somebody typed and the entry's facts.
    """

    FOREVER = "forever"  # decisions and money: nothing personal may stand in the facts
    WITH_SUBJECT = "with_subject"  # facts go when the subject is anonymised or deleted
    FIVE_YEARS = "five_years"  # facts go five years after the entry


class Verbs(models.TextChoices):
    """Base of every module's verbs: `NAME = "module.name", _("Label")`."""


@dataclass(frozen=True, slots=True)
class VerbInfo:
    """What the platform knows of a verb."""

    name: str
    label: str | Promise
    keep: Keep
    public: bool

    @property
    def module(self) -> str:
        return self.name.partition(".")[0]


_registered: dict[str, VerbInfo] = {}

V = TypeVar("V", bound=type[Verbs])


def register(*, keep: Keep, public: Iterable[str] = ()) -> Callable[[V], V]:
    """Make a module's verbs known. `public` names those open to people without an account."""
    open_to_all = frozenset(public)

    def enter(verbs: V) -> V:
        for verb in verbs:
            name = str(verb.value)
            _registered[name] = VerbInfo(
                name=name, label=verb.label, keep=keep, public=name in open_to_all
            )
        return verbs

    return enter


def all_verbs() -> dict[str, VerbInfo]:
    """Every verb of the installation, by name."""
    return dict(_registered)


def public_verbs() -> frozenset[str]:
    """The verbs people without an account hold (over rows they can name)."""
    return frozenset(name for name, info in _registered.items() if info.public)


def label_of(verb: str) -> str:
    """The verb in the reader's language; its bare name if the module is gone."""
    info = _registered.get(verb)
    return str(info.label) if info else verb
