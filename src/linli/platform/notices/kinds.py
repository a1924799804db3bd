"""Kinds of notices: what a person can switch on and off, declared by the modules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """Verbs told under one switch. `email` is whether they go by e-mail unless somebody says no."""

    name: str
    label: str | Promise
    email: bool


OTHER = Kind("other", _("Everything else"), email=False)

_kinds: dict[str, Kind] = {}
_by_verb: dict[str, Kind] = {}


def kind(name: str, label: str | Promise, *, verbs: Iterable[str], email: bool = True) -> Kind:
    """Declare a kind of notices: `name` like "cases.handed", the verbs it tells of, its default."""
    declared = Kind(name, label, email)
    _kinds[name] = declared
    for verb in verbs:
        _by_verb[str(verb)] = declared
    return declared


def kind_of(verb: str) -> Kind:
    """The kind a verb is told under."""
    return _by_verb.get(str(verb), OTHER)


def all_kinds() -> list[Kind]:
    """Every kind, in the order declared, the rest last."""
    return [*_kinds.values(), OTHER]
