"""What others may use of divisions: the tree, codes, grids, posts of a unit upward, the loader."""

from linli.modules.divisions.actions import (
    NewUnit,
    Part,
    carry_out_due,
    change_code,
    change_parent,
    close_unit,
    decide,
    estimate,
    import_grids,
    merge,
    open_unit,
    place_worker,
    rename,
    set_boundary,
    split,
)
from linli.modules.divisions.actions.loader import LoadReport, load_csv
from linli.modules.divisions.cixi import load_crosswalk, seed_cixi, seed_grids
from linli.modules.divisions.duties import Duty
from linli.modules.divisions.maps import Place, found_at, grid_at, grids_at
from linli.modules.divisions.models import Kind, System
from linli.modules.divisions.norms import norm_on, norms_on
from linli.modules.divisions.places import place_at, unit_for_report, units_for_report
from linli.modules.divisions.reads import (
    as_of,
    by_code,
    children,
    code_of,
    codes_of,
    history,
    listing,
    path,
    roll_up,
    search,
)
from linli.modules.divisions.rules import GRID_VERBS, TREE_VERBS, Verb
from linli.modules.divisions.workers import posts_upward, workers_of

__all__ = [
    "GRID_VERBS", "TREE_VERBS", "Duty", "Kind", "LoadReport", "NewUnit", "Part", "Place", "System",
    "Verb", "as_of", "by_code", "carry_out_due", "change_code", "change_parent", "children",
    "close_unit", "code_of", "codes_of", "decide", "estimate", "found_at", "grid_at", "grids_at",
    "history", "import_grids", "listing", "load_crosswalk", "load_csv", "merge", "norm_on",
    "norms_on", "open_unit", "path", "place_at", "place_worker", "posts_upward", "rename",
    "roll_up", "search", "seed_cixi", "seed_grids", "set_boundary", "split", "unit_for_report",
    "units_for_report", "workers_of",
]  # fmt: skip
