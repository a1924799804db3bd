"""`ui` in every template: all macros under one name, so that blocks rendered alone have them too.

A block rendered by itself (an htmx fragment) does not run the imports at the top of its template;
a global does not need them.
"""

from __future__ import annotations

from typing import Any

import jinja2

MACRO_FILES = (
    "pages/macros/actions.html",
    "pages/macros/status.html",
    "pages/macros/form.html",
    "pages/macros/inputs.html",
    "pages/macros/table.html",
    "pages/macros/detail.html",
    "pages/macros/resident.html",
    "pages/macros/figures.html",
    "pages/macros/frame.html",
)


class Components:
    """Looks a macro up by name in the macro files; the first file that has it wins."""

    def __init__(self, env: jinja2.Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        for file in MACRO_FILES:
            macro = getattr(self._env.get_template(file).module, name, None)
            if macro is not None:
                if not self._env.auto_reload:
                    self.__dict__[name] = macro
                return macro
        raise jinja2.UndefinedError(f"no component is called {name!r}")
