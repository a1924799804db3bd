"""Who acts: one person in one capacity, or the system itself, or somebody from the street."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from linli.kernel.errors import Forbidden
from linli.platform.access.branch import EVERYWHERE, NOWHERE, Branch

# The district or county: the lowest level that may change what holds for everybody.
TOP_LEVEL = 3


class Placed(Protocol):
    """Anything that lies somewhere in the tree and may be held by posts."""

    unit_key: str

    def held_by(self, post_id: UUID) -> bool:
        """Whether the post is engaged in this row, wherever its branch ends."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks and does, in exactly one capacity.

    A person who holds several posts acts in one of them at a time, so that the scope is always
    one range of keys and every entry tells in which capacity something was done.
    """

    name: str
    branch: Branch
    verbs: frozenset[str] = field(default_factory=frozenset)
    account_id: UUID | None = None
    post_id: UUID | None = None
    post_title: str = ""
    unit_id: UUID | None = None
    unit_name: str = ""
    level: int = 0
    channel: str = "desk"
    on_behalf_of: str = ""
    reference: str = ""
    all_verbs: bool = False

    @classmethod
    def system(cls, name: str = "system") -> Actor:
        """The platform itself: jobs, clocks, loaders. It sees and may do everything."""
        return cls(name=name, branch=EVERYWHERE, channel="job", all_verbs=True)

    @classmethod
    def public(cls, verbs: frozenset[str] = frozenset(), *, reference: str = "") -> Actor:
        """Somebody without an account. `reference` opens the one row that bears this number."""
        return cls(name="", branch=NOWHERE, verbs=verbs, channel="portal", reference=reference)

    def helping(self, person: str) -> Actor:
        """The same actor, on record as acting on behalf of `person`."""
        return replace(self, on_behalf_of=person)

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    def knows(self, verb: str) -> bool:
        """Whether the capacity holds the verb at all, wherever."""
        return self.all_verbs or verb in self.verbs

    def may(self, verb: str, where: Placed | str) -> bool:
        """Whether the verb is held over this row (or this unit key)."""
        if not self.knows(verb):
            return False
        if isinstance(where, str):
            return where in self.branch
        if where.unit_key in self.branch:
            return True
        if not where.unit_key:
            # Rows of the whole installation (categories, limits, roles) are the top's to change.
            return 0 < self.level <= TOP_LEVEL
        if self.post_id is not None and where.held_by(self.post_id):
            return True
        return bool(self.reference) and getattr(where, "number", None) == self.reference

    def require(self, verb: str, where: Placed | str) -> None:
        """Raise `Forbidden` unless `may`."""
        if not self.may(verb, where):
            raise Forbidden(verb)
