"""The one search box finds units too."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from linli.modules.divisions import reads
from linli.modules.divisions.codes import significant
from linli.modules.divisions.desk.parts import unit_url, where
from linli.platform.access.public import Actor, Level
from linli.platform.desk.public import Found, finds


@finds("divisions", _("Units and grids"), order=40)
def find_units(actor: Actor, text: str, most: int) -> Sequence[Found]:
    """By name, pinyin, initials or code, inside the branch."""
    found = reads.search(text, branch=actor.branch, most=most)
    codes = reads.codes_of([unit.pk for unit in found])
    wanted = significant(text)
    return [
        Found(
            title=unit.name,
            url=unit_url(unit),
            more=where(unit),
            icon="grid-dots" if unit.level == Level.GRID else "home",
            badge=str(Level(unit.level).label),
            exact=any(code.code == wanted for code in codes.get(unit.pk, ())),
        )
        for unit in found
    ]
