"""What people can do with divisions and grids."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.platform.changes.public import Keep, Verbs, register


@register(keep=Keep.FOREVER)
class Verb(Verbs):
    """Verbs of the tree, then those of grids; all dated."""

    LOAD = "divisions.load", _("Load a list of divisions")
    OPEN = "divisions.open", _("Establish a unit")
    CLOSE = "divisions.close", _("Abolish a unit")
    RENAME = "divisions.rename", _("Rename a unit")
    CHANGE_CODE = "divisions.change_code", _("Change a code")
    CHANGE_PARENT = "divisions.change_parent", _("Move under another unit")
    MERGE = "divisions.merge", _("Merge units")
    SPLIT = "divisions.split", _("Split a unit")
    PLAN = "divisions.plan", _("Plan a change for a later day")
    WITHDRAW_PLAN = "divisions.withdraw_plan", _("Withdraw a planned change")
    CARRY_OUT = "divisions.carry_out", _("Carry out a planned change")
    OPEN_GRID = "divisions.open_grid", _("Establish a grid")
    CLOSE_GRID = "divisions.close_grid", _("Abolish a grid")
    RENAME_GRID = "divisions.rename_grid", _("Rename a grid")
    MOVE_GRID = "divisions.move_grid", _("Move a grid to another community")
    MERGE_GRIDS = "divisions.merge_grids", _("Merge grids")
    SPLIT_GRID = "divisions.split_grid", _("Split a grid")
    SET_BOUNDARY = "divisions.set_boundary", _("Draw a boundary")
    IMPORT_GRIDS = "divisions.import_grids", _("Import boundaries")
    ESTIMATE = "divisions.estimate", _("Set the number of households")
    PLACE_WORKER = "divisions.place_worker", _("Place somebody in a grid or community")
    RELIEVE_WORKER = "divisions.relieve_worker", _("Relieve somebody of a post")
    SET_NORM = "divisions.set_norm", _("Set a norm")


TREE_VERBS: tuple[str, ...] = (
    Verb.OPEN, Verb.CLOSE, Verb.RENAME, Verb.CHANGE_CODE, Verb.CHANGE_PARENT, Verb.MERGE,
    Verb.SPLIT, Verb.PLAN, Verb.WITHDRAW_PLAN,
)  # fmt: skip
"""For the roles of a city or county office."""

GRID_VERBS: tuple[str, ...] = (
    Verb.OPEN_GRID, Verb.CLOSE_GRID, Verb.RENAME_GRID, Verb.MOVE_GRID, Verb.MERGE_GRIDS,
    Verb.SPLIT_GRID, Verb.SET_BOUNDARY, Verb.IMPORT_GRIDS, Verb.ESTIMATE, Verb.PLACE_WORKER,
    Verb.RELIEVE_WORKER,
)  # fmt: skip
"""For the roles of a city, county or street office."""
