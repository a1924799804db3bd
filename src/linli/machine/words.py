"""Words for the operator: translated without Django, since they are needed before it is set up."""

from __future__ import annotations

import gettext as stdlib
import os
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale"


@lru_cache
def _translations(language: str) -> stdlib.NullTranslations:
    return stdlib.translation("django", LOCALE, languages=[language], fallback=True)


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
