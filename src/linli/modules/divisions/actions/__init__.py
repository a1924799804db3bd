"""One function for every verb: the tree's, then those of grids, people, plans and norms."""

from linli.modules.divisions.actions.changing import (
    change_code,
    change_parent,
    close_unit,
    open_unit,
    rename,
)
from linli.modules.divisions.actions.joining import NewUnit, Part, merge, split
from linli.modules.divisions.actions.mapping import estimate, import_grids, set_boundary
from linli.modules.divisions.actions.norms import set_norm
from linli.modules.divisions.actions.people import place_worker, relieve_worker
from linli.modules.divisions.actions.planning import (
    carry_out_due,
    decide,
    perform,
    plan,
    withdraw_plan,
)

__all__ = [
    "NewUnit", "Part", "carry_out_due", "change_code", "change_parent", "close_unit", "decide",
    "estimate", "import_grids", "merge", "open_unit", "perform", "place_worker", "plan",
    "relieve_worker", "rename", "set_boundary", "set_norm", "split", "withdraw_plan",
]  # fmt: skip
