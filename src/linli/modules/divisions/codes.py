"""How division codes are built: digits by level, twelve on paper, fifteen with the grid."""

from __future__ import annotations

from linli.modules.divisions.models import Kind
from linli.platform.access.public import Level

LENGTHS: dict[int, int] = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.STREET: 9,
    Level.COMMUNITY: 12,
    Level.GRID: 15,
}
"""Significant digits of a code by level (GB/T 10114 and the statistical codes built on it)."""
FULL = LENGTHS[Level.COMMUNITY]
GRID_DIGITS = LENGTHS[Level.GRID] - FULL
SHORTER = ((9, "000"), (6, "000"), (4, "00"), (2, "00"))


def own_part(code: str, level: int) -> str:
    """The digits a level adds to its parent's code: 330282004 at street level → 004."""
    return code[LENGTHS.get(level - 1, 0) :]


def significant(code: str) -> str:
    """A code without the zeros that only fill it up to twelve: 330282004000 → 330282004."""
    short = code.strip()
    if len(short) != FULL:
        return short
    for length, zeros in SHORTER:
        if not short.endswith(zeros):
            break
        short = short[:length]
    return short


def full(code: str) -> str:
    """A code as it is written on paper, filled up to twelve digits; a grid's has fifteen."""
    return code.ljust(FULL, "0")


def kind_of(code: str, level: int) -> Kind:
    """What the first digit of the own part says of a street's or community's kind.

    After the statistics bureau's rules for compiling codes: streets 001–099, towns 100–199,
    townships 200–399, likes of them 400–599; urban committees 001–199, villagers' 200–399,
    likes of them 400–599.
    """
    first = own_part(code, level)[:1]
    if level == Level.STREET:
        kinds = {"0": Kind.STREET, "1": Kind.TOWN, "2": Kind.TOWNSHIP, "3": Kind.TOWNSHIP}
        return kinds.get(first, Kind.ZONE)
    if level == Level.COMMUNITY:
        kinds = {
            "0": Kind.COMMUNITY, "1": Kind.COMMUNITY, "2": Kind.VILLAGE, "3": Kind.VILLAGE,
        }  # fmt: skip
        return kinds.get(first, Kind.OTHER)
    return Kind.PLAIN
