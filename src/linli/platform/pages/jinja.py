"""The Jinja2 environment of every page: strict, escaped, translated, components as `ui`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from django.apps import apps
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2.ext import Extension

from linli.platform.pages import fields, formats, icons
from linli.platform.pages.components import Components


def template_dirs() -> list[Path]:
    """Folders searched for Jinja templates: those of Linli's own apps, nobody else's."""
    return [
        Path(config.path) / "templates"
        for config in apps.get_app_configs()
        if config.name.startswith("linli.") and (Path(config.path) / "templates").is_dir()
    ]


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment Django asks for in settings.TEMPLATES.

    The loader is replaced on purpose: a name that only exists as a Django template (allauth's
    own pages, say) must not be found here, so that the next engine gets its turn.
    """
    options["loader"] = jinja2.FileSystemLoader(template_dirs())
    options.pop("autoescape", None)
    options["undefined"] = jinja2.StrictUndefined
    extensions: list[str | type[Extension]] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    env = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=extensions,
        **options,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        static=static,
        url=url,
        icon=icons.icon,
        described=fields.described,
        due_tone=formats.due_tone,
        ui=Components(env),
        debug=settings.DEBUG,
    )
    env.filters.update(formats.FILTERS)
    return env


def url(viewname: str, *args: Any, **kwargs: Any) -> str:
    """Address of a named view; `query={…}` adds a query string."""
    query = kwargs.pop("query", None)
    return reverse(viewname, args=args, kwargs=kwargs, query=query)
