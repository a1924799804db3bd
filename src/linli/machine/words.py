"""Words for the operator: translated without Django, since they are needed before it is set up."""

from __future__ import annotations

import gettext as stdlib
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale"


@lru_cache
def _translations(language: str) -> stdlib.NullTranslations:
    _compile(language)
    return stdlib.translation("django", LOCALE, languages=[language], fallback=True)


def _compile(language: str) -> None:
    """The very first start speaks before the catalogues are compiled: at least this one is then."""
    source = LOCALE / language / "LC_MESSAGES" / "django.po"
    if not source.exists():
        return
    from linli.machine.translations import compile_one

    with suppress(OSError):  # a checkout of somebody else's: English then
        compile_one(source)


def language() -> str:
    """The operator's language: LINLI_LANGUAGE, else the terminal's, as a catalogue name."""
    wanted = os.environ.get("LINLI_LANGUAGE") or next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)),
        "",
    )
    return "zh_Hans" if wanted.lower().startswith("zh") else "en"


def gettext(message: str, **params: object) -> str:
    """`message` in the operator's language, `{name}` places filled from `params`."""
    text = _translations(language()).gettext(message)
    return text.format(**params) if params else text
