"""What staff see of divisions: the tree, units, grids on the map, checks, plans and norms."""

from linli.modules.divisions.desk import finding, register, registers_small, views

desk_urls = views.desk_urls

__all__ = ["desk_urls", "finding", "register", "registers_small", "views"]
