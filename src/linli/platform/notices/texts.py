"""Messages kept untranslated with their values, and put into words for whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext, override

from linli.platform.changes.trail import plain
from linli.platform.pages.formats import written

# How values that are more than text are kept in JSON.
MOMENT, DAY, WORD = "moment", "day", "word"


def message_of(text: str | Promise) -> str:
    """The untranslated message of a lazy text; a plain string as it is."""
    if isinstance(text, str):
        return text
    with override(None):
        return str(text)


def kept(params: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON can carry them: moments and days stay such, lazy texts stay translatable."""
    return {name: _kept(value) for name, value in params.items()}


def rendered(message: str, params: Mapping[str, Any]) -> str:
    """The message in the language now active, its `%(name)s` places filled."""
    text = gettext(message)
    return text % {name: _word(value) for name, value in params.items()} if params else text


def _kept(value: Any) -> Any:
    match value:
        case datetime():
            return {MOMENT: value.isoformat()}
        case date():
            return {DAY: value.isoformat()}
        case Promise():
            return {WORD: message_of(value)}
        case _:
            return plain(value)


def _word(value: Any) -> str:
    match value:
        case {"moment": str(text)}:
            moment = parse_datetime(text)
            return written(moment, "dt") if moment else text
        case {"day": str(text)}:
            day = parse_date(text)
            return written(day, "date") if day else text
        case {"word": str(text)}:
            return gettext(text)
        case None:
            return "—"
        case _:
            return str(value)
