"""The Jinja2 environment of every page: strict, escaped, translated, components as `ui`."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import jinja2
from django.apps import apps
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2.ext import Extension
from markupsafe import Markup

from linli.platform.pages import fields, formats, icons
from linli.platform.pages.components import Components
from linli.platform.pages.folding import FoldingEnvironment


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
    return _furnished(jinja2.Environment, options)


@cache
def environment_in(language: str) -> jinja2.Environment:
    """The environment that writes pages in one language: the same, with constant words folded."""
    with translation.override(language):
        env = _furnished(
            FoldingEnvironment,
            {
                "loader": jinja2.FileSystemLoader(template_dirs()),
                "undefined": jinja2.StrictUndefined,
                "auto_reload": settings.DEBUG,
            },
        )
    env.folds = {  # type: ignore[attr-defined]
        "_": partial(_word, language),
        "gettext": partial(_word, language),
        "static": static,
        "icon": icons.icon,
        "url": url,
    }
    return env


def _word(language: str, text: str) -> Markup:
    """A translated text as the i18n extension's newstyle calls give it: safe, `%%` made one."""
    with translation.override(language):
        return Markup(translation.gettext(text)) % {}  # noqa: S704  # nosec B704 - our own words


def _furnished(kind: type[jinja2.Environment], options: dict[str, Any]) -> jinja2.Environment:
    extensions: list[str | type[Extension]] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    env = kind(
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
        static=lru_cache(maxsize=256)(static),
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
