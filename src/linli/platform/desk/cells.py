"""How a value looks in a cell: safe markup made fast, because a page holds hundreds of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from markupsafe import escape

from linli.platform.pages import formats
from linli.platform.pages.icons import icon

if TYPE_CHECKING:
    from linli.platform.access.actor import Actor

TONE_ICONS = {
    "idle": "circle",
    "info": "circle-dot",
    "soon": "clock-exclamation",
    "danger": "alert-triangle",
    "done": "circle-check",
    "plain": "point",
}
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a list, in which language, when."""

    actor: Actor | None
    now: datetime
    english: bool
    year: int

    @classmethod
    def of(cls, actor: Actor | None) -> Reader:
        """The actor, the active language, the present moment."""
        now = timezone.now()
        return cls(actor, now, _reads_english(), timezone.localtime(now).year)

    @classmethod
    def of_nobody(cls) -> Reader:
        """Whoever reads in the active language now."""
        return cls.of(None)


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


@lru_cache(maxsize=256)
def mark(name: str) -> SafeString:
    """An icon of the sprite as decoration."""
    return icon(name)


def safe(html: str) -> SafeString:
    """Markup put together from escaped parts in this package.

    A page holds hundreds: `mark_safe` would first look at each whether it is lazy.
    """
    return SafeString(html)  # nosec B703 - made of escaped parts


def text(value: Any) -> SafeString:
    """Escaped text, or the sign for nothing."""
    if value is None or value == "":
        return nothing()
    return SafeString(escape(value))  # nosec B703 - escaped just now


def nothing() -> SafeString:
    """What stands where there is no value."""
    return safe(f'<span class="none" aria-label="{gettext("none")}">—</span>')


@lru_cache(maxsize=1024)
def badge(words: str, tone: str = "idle", sign: str = "", title: str = "") -> SafeString:
    """State in colour, icon and word; `tone`: idle, info, soon, danger, done, plain."""
    tip = format_html(' title="{}"', title) if title else ""
    return safe(
        f'<span class="badge {tone}"{tip}>{mark(sign or TONE_ICONS[tone])}'
        f'<span class="words">{escape(words)}</span></span>'
    )


@lru_cache(maxsize=256)
def entries(options: tuple[tuple[str, str, bool], ...]) -> SafeString:
    """The entries of a select: value, label, whether chosen; an empty one only when chosen."""
    drawn = (
        f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'
        for value, label, chosen in options
        if value or chosen
    )
    return safe("".join(drawn))


def moment(value: datetime | None, reader: Reader | None = None) -> SafeString:
    """A point in time, short."""
    if value is None:
        return nothing()
    now = reader or Reader.of_nobody()
    return _moment(value, now.english, now.year)


@lru_cache(maxsize=8192)
def _moment(value: datetime, english: bool, year: int) -> SafeString:
    local = timezone.localtime(value)
    words = _minute(local, "short_date", english, year)
    return safe(f'<time datetime="{local:%Y-%m-%dT%H:%M%z}">{words}</time>')


def _minute(local: datetime, style: str, english: bool, year: int) -> str:
    return f"{_day(local.date(), style, english, year)}{', ' if english else ' '}{local:%H:%M}"


@lru_cache(maxsize=4096)
def _day(day: date, style: str, english: bool, year: int) -> str:
    """A day as `formats` writes it; a list shows the same few days again and again."""
    del english, year  # both are what they are now: they only tell the cached words apart
    return formats.written(day, style)


def day(value: date | None, reader: Reader | None = None) -> SafeString:
    """A day."""
    if value is None:
        return nothing()
    now = reader or Reader.of_nobody()
    words = _day(value, "date", now.english, now.year)
    return safe(f'<time datetime="{value.isoformat()}">{words}</time>')


def due(
    at: datetime | None,
    *,
    now: datetime,
    provisional: bool = False,
    paused: bool = False,
    done_at: datetime | None = None,
    english: bool | None = None,
) -> SafeString:
    """The chip of a deadline, as `ui.due` draws it."""
    if done_at is not None and at is not None:
        late = done_at > at
        words = gettext("finished late") if late else gettext("in time")
        return badge(words, "soon" if late else "done", "clock-check")
    if paused:
        return badge(gettext("clock paused"), "idle", "clock-pause")
    if at is None:
        return nothing()
    if english is None:
        english = _reads_english()
    left = (at - now).total_seconds()
    minutes = int(abs(left) // 60) * (1 if left >= 0 else -1)
    return _due(at, left <= 0, minutes, provisional, english)


@lru_cache(maxsize=8192)
def _due(at: datetime, late: bool, minutes: int, provisional: bool, english: bool) -> SafeString:
    """The chip as it looks for one minute."""
    if late:
        tone, sign = "danger", "alert-triangle"
    elif minutes <= SOON.total_seconds() // 60:
        tone, sign = "soon", "clock-exclamation"
    else:
        tone, sign = "idle", "clock"
    now = at - timedelta(minutes=minutes) + (timedelta(seconds=1) if late else timedelta())
    words, title = formats.left_words(at, now), _minute(timezone.localtime(at), "date", english, 0)
    css = tone
    if provisional:
        css += " provisional"
        words = f"{words} {gettext('(provisional)')}"
    return safe(
        f'<span class="badge {css}" title="{escape(title)}">{mark(sign)}<span class="words">'
        f'<time datetime="{at.isoformat()}">{escape(words)}</time></span></span>'
    )
