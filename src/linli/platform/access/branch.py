"""A branch of the tree of units is a range of sortable keys.

A key is the path of a unit, every segment closed by "/": `33/02/82/004/`. All keys below a unit
start with its key, and because "0" follows "/" in byte order they fill exactly the range from the
key to the key with its last "/" turned into "0". A range is the one form of scope that costs
nothing in a query and in a row-level policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

KEY_COLLATION = "C"


@dataclass(frozen=True, slots=True)
class Branch:
    """All keys `lo <= key < hi`. Equal ends make an empty branch."""

    lo: str
    hi: str

    @classmethod
    def of(cls, key: str) -> Branch:
        """The branch of the unit with this key, the unit itself included."""
        return cls(key, key[:-1] + "0") if key else EVERYWHERE

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.lo <= key < self.hi

    def covers(self, other: Branch) -> bool:
        """Whether every key of `other` lies in this branch."""
        return self.lo <= other.lo and other.hi <= self.hi

    def where(self, field: str = "unit_key") -> Q:
        """The condition on `field` that keeps the rows of this branch."""
        conditions: dict[str, Any] = {f"{field}__gte": self.lo, f"{field}__lt": self.hi}
        return Q(**conditions)


NOWHERE = Branch("", "")
# Keys are made of digits, letters, "-" and "/": "~" sorts behind all of them.
EVERYWHERE = Branch("", "~")
