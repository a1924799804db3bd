"""How a value looks in a cell: safe markup made fast, because a page holds hundreds of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
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

    actor: Actor
    now: datetime
    english: bool

    @classmethod
    def of(cls, actor: Actor) -> Reader:
        """The actor, the active language, the present moment."""
        return cls(actor, timezone.now(), (get_language() or "").startswith("en"))


@lru_cache(maxsize=256)
def mark(name: str) -> SafeString:
    """An icon of the sprite as decoration."""
    return icon(name)


def safe(html: str) -> SafeString:
    """Markup put together from escaped parts in this package."""
    return mark_safe(html)  # noqa: S308  # nosec B308 B703 - made of escaped parts


def text(value: Any) -> SafeString:
    """Escaped text, or the sign for nothing."""
    if value is None or value == "":
        return nothing()
    return safe(str(escape(value)))


def nothing() -> SafeString:
    """What stands where there is no value."""
    return safe(f'<span class="none" aria-label="{gettext("none")}">—</span>')


def badge(words: str, tone: str = "idle", sign: str = "", title: str = "") -> SafeString:
    """State in colour, icon and word; `tone`: idle, info, soon, danger, done, plain."""
    tip = format_html(' title="{}"', title) if title else ""
    return safe(
        f'<span class="badge {tone}"{tip}>{mark(sign or TONE_ICONS[tone])}'
        f'<span class="words">{escape(words)}</span></span>'
    )


def moment(value: datetime | None) -> SafeString:
    """A point in time, short."""
    if value is None:
        return nothing()
    local = timezone.localtime(value)
    return safe(f'<time datetime="{local:%Y-%m-%dT%H:%M%z}">{_minute(local, "short_date")}</time>')


def _minute(local: datetime, style: str) -> str:
    english = (get_language() or "").startswith("en")
    return f"{_day(local.date(), style, english, _year())}{', ' if english else ' '}{local:%H:%M}"


@lru_cache(maxsize=4096)
def _day(day: date, style: str, english: bool, year: int) -> str:
    """A day as `formats` writes it; a list shows the same few days again and again."""
    del english, year  # both are what they are now: they only tell the cached words apart
    return formats.written(day, style)


def _year() -> int:
    return timezone.now().year


def day(value: date | None) -> SafeString:
    """A day."""
    if value is None:
        return nothing()
    english = (get_language() or "").startswith("en")
    words = _day(value, "date", english, _year())
    return safe(f'<time datetime="{value.isoformat()}">{words}</time>')


def due(
    at: datetime | None,
    *,
    now: datetime,
    provisional: bool = False,
    paused: bool = False,
    done_at: datetime | None = None,
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
    if at <= now:
        tone, sign = "danger", "alert-triangle"
    elif at - SOON <= now:
        tone, sign = "soon", "clock-exclamation"
    else:
        tone, sign = "idle", "clock"
    words, title = formats.left_words(at, now), _minute(timezone.localtime(at), "date")
    css = tone
    if provisional:
        css += " provisional"
        words = f"{words} {gettext('(provisional)')}"
    return safe(
        f'<span class="badge {css}" title="{escape(title)}">{mark(sign)}<span class="words">'
        f'<time datetime="{at.isoformat()}">{escape(words)}</time></span></span>'
    )
