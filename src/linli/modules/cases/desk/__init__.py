"""What staff see of cases: the register, dispatch board, map, first page, search."""

from linli.modules.cases.desk import catalogue, home, inbox, register, views

desk_urls = views.desk_urls

__all__ = ["catalogue", "desk_urls", "home", "inbox", "register", "views"]
