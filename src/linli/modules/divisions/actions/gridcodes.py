"""A grid's code: the twelve digits of its community and three of its own."""

from __future__ import annotations

from datetime import date

from linli.modules.divisions.actions import history
from linli.modules.divisions.codes import FULL
from linli.modules.divisions.models import System, UnitCode
from linli.platform.access.public import Level, Unit

MOST_GRIDS = 999


def recode_grids(community: Unit, *, on: date) -> int:
    """Give every open grid whose code is not its community's the next free number; how many."""
    stem = _community_code(community)
    if not stem:
        return 0
    used = _used_numbers(stem)
    changed = 0
    grids = Unit.objects.filter(parent=community, level=Level.GRID, closed=None).order_by("key")
    held = {
        row.unit_id: row.code
        for row in UnitCode.objects.filter(unit__in=grids, system=System.LOCAL, ends=None)
    }
    for grid in grids:
        if held.get(grid.pk, "").startswith(stem):
            continue
        number = next(n for n in range(1, MOST_GRIDS + 1) if n not in used)
        used.add(number)
        history.turn(
            UnitCode, grid, on=max(on, grid.opened), where={"system": System.LOCAL},
            new={"code": f"{stem}{number:03d}"},
        )  # fmt: skip
        changed += 1
    return changed


def _community_code(community: Unit) -> str:
    row = UnitCode.objects.filter(unit=community, system=System.NBS, ends=None).first()
    return row.code if row is not None and len(row.code) == FULL else ""


def _used_numbers(stem: str) -> set[int]:
    """Numbers once given are not given again: a code on old paper must not name another grid."""
    codes = UnitCode.objects.filter(system=System.LOCAL, code__startswith=stem)
    return {int(code[FULL:] or 0) for code in codes.values_list("code", flat=True)}
