"""Addresses of every register, generated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, re_path

from linli.platform.desk import acting_views, export_views, ticked_views, views
from linli.platform.desk.register import Register, registers
from linli.platform.desk.views import staff_only


def register_urls() -> list[URLPattern]:
    """The addresses of all registers, to be included in a namespace `desk`.

    For `cases`: `cases/` the list, `cases/print/`, `cases/export/`, `cases/views/…`,
    `cases/new/<verb>/`, `cases/many/<verb>/` an act on ticked rows and `cases/many/<batch>/` what
    came of it, `cases/<key>/` a row, `cases/<key>/<verb>` an action (closing slash free). Beside
    them `my-exports/…`, the long lists made for whoever asks.
    """
    found = export_views.export_urls()
    return found + [pattern for register in registers() for pattern in urls_of(register)]


def module_urls() -> list[URLPattern | URLResolver]:
    """What modules list as `desk_urls` in their `desk.py`: pages that are no register."""
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.desk"
        if config.name.startswith("linli.") and find_spec(name) is not None:
            found += getattr(import_module(name), "desk_urls", [])
    return found


def urls_of(register: Register) -> list[URLPattern]:
    """The addresses of one register."""
    base, name = register.slug, register.name

    def to(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        return partial(staff_only(view), register=register)

    return [
        path(f"{base}/", to(views.show_list), name=name),
        path(f"{base}/print/", to(views.print_list), name=f"{name}.print"),
        path(f"{base}/export/", to(export_views.export), name=f"{name}.export"),
        path(f"{base}/views/", to(views.keep_view), name=f"{name}.keep_view"),
        path(f"{base}/views/<uuid:view_id>/forget/", to(views.drop_view), name=f"{name}.drop_view"),
        re_path(
            rf"^{base}/new/(?P<verb>[a-z_]+)/?$",
            to(acting_views.act_on_list),
            name=f"{name}.new",
        ),
        path(f"{base}/many/<uuid:batch_id>/", to(ticked_views.show_batch), name=f"{name}.batch"),
        re_path(
            rf"^{base}/many/(?P<verb>[a-z_]+)/?$",
            to(ticked_views.act_on_many),
            name=f"{name}.many",
        ),
        path(f"{base}/<str:key>/", to(views.show_row), name=f"{name}.row"),
        re_path(rf"^{base}/(?P<key>[^/]+)/follow/?$", to(views.follow_row), name=f"{name}.follow"),
        re_path(
            rf"^{base}/(?P<key>[^/]+)/(?P<verb>[a-z_]+)/?$",
            to(acting_views.act_on_row),
            name=f"{name}.act",
        ),
    ]
