"""Values as people here write them: dates, money, sizes, phone numbers, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import dateformat, timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from linli.kernel.text import initials, pinyin

MINUTE, HOUR, DAY = 60, 3600, 86400
SOON = timedelta(hours=24)
KIBI = 1024
MASKED_AT_LEAST = 7

PATTERNS = {
    "zh": {
        "date": "Y年n月j日",
        "short_date": "n月j日",
        "dt": "Y年n月j日 H:i",
        "short": "n月j日 H:i",
        "month": "Y年n月",
        "weekday": "n月j日 l",
    },
    "en": {
        "date": "j F Y",
        "short_date": "j M",
        "dt": "j F Y, H:i",
        "short": "j M, H:i",
        "month": "F Y",
        "weekday": "l, j M",
    },
}


def pattern(name: str) -> str:
    """The date pattern of that name in the active language."""
    chinese = (get_language() or "zh").startswith("zh")
    return PATTERNS["zh" if chinese else "en"][name]


def written(value: date | datetime, style: str) -> str:
    """`value` written out in local time; a short style gains the year when it is another one."""
    local: date = timezone.localtime(value) if isinstance(value, datetime) else value
    if style.startswith("short") and local.year != timezone.localdate().year:
        style = "dt" if isinstance(local, datetime) else "date"
    return dateformat.format(local, pattern(style))


def dt(value: datetime | None, style: str = "dt") -> SafeString:
    """A moment as <time>: style "dt" (with year) or "short" (year only when not this one)."""
    if value is None:
        return none_sign()
    return format_html(
        '<time datetime="{}">{}</time>',
        timezone.localtime(value).isoformat(timespec="minutes"),
        written(value, style),
    )


def day(value: date | None, style: str = "date") -> SafeString:
    """A day as <time>: style "date", "short_date", "month" or "weekday"."""
    if value is None:
        return none_sign()
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), written(value, style))


def none_sign() -> SafeString:
    """What stands where there is no value."""
    return format_html('<span class="none" aria-label="{}">—</span>', gettext("none"))


def amount_of_time(seconds: float) -> str:
    """A span in its largest fitting unit, rounded down: “3 hours”, “2 days”."""
    seconds = abs(seconds)
    if seconds < HOUR:
        minutes = max(1, int(seconds // MINUTE))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if seconds < 2 * DAY:
        hours = int(seconds // HOUR)
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = int(seconds // DAY)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def relative_words(value: datetime, now: datetime) -> str:
    """How long ago (or until) `value` is, in words."""
    seconds = (now - value).total_seconds()
    if 0 <= seconds < MINUTE:
        return gettext("just now")
    span = amount_of_time(seconds)
    if seconds > 0:
        return gettext("%(span)s ago") % {"span": span}
    return gettext("in %(span)s") % {"span": span}


def ago(value: datetime | None) -> SafeString:
    """Relative time as <time>, with the exact moment as its title."""
    if value is None:
        return none_sign()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        timezone.localtime(value).isoformat(timespec="minutes"),
        written(value, "dt"),
        relative_words(value, timezone.now()),
    )


def left_words(value: datetime, now: datetime | None = None) -> str:
    """Time left until `value`, or how long it is overdue."""
    seconds = (value - (now or timezone.now())).total_seconds()
    span = amount_of_time(seconds)
    if seconds >= 0:
        return gettext("%(span)s left") % {"span": span}
    return gettext("%(span)s overdue") % {"span": span}


def due_tone(value: datetime, soon_at: datetime | None = None) -> str:
    """How a deadline stands: "late", "soon" (from `soon_at`, else its last 24 hours) or "fine"."""
    now = timezone.now()
    if value <= now:
        return "late"
    return "soon" if now >= (soon_at or value - SOON) else "fine"


def number(value: int | float | Decimal | None, digits: int | None = None) -> str:
    """A number with thousands separators; `digits` after the point when given."""
    if value is None:
        return "—"
    return f"{value:,.{digits}f}" if digits is not None else f"{value:,}"


def money(value: Decimal | int | float | None) -> str:
    """Yuan with two digits: ¥1,234.50; a minus sign stands before the currency."""
    if value is None:
        return "—"
    return f"{'−' if value < 0 else ''}¥{abs(value):,.2f}"


def percent(value: float | Decimal | None, digits: int = 1) -> str:
    """A ratio (0.875) as a percentage (87.5%)."""
    return "—" if value is None else f"{float(value) * 100:.{digits}f}%"


def filesize(value: int | None) -> str:
    """Bytes as B, KB, MB or GB."""
    if value is None:
        return "—"
    size = float(value)
    for unit in ("B", "KB", "MB"):
        if size < KIBI:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"  # noqa: PLR2004
        size /= KIBI
    return f"{size:.1f} GB"


def phone_mask(value: str | None) -> str:
    """A phone number with its middle hidden: 138****1234; a short one is hidden but for its end."""
    if not value:
        return "—"
    if len(value) < MASKED_AT_LEAST:
        return "*" * max(0, len(value) - 2) + value[-2:]
    return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"


def grouped(value: str | int | None, size: int = 4) -> str:
    """Digits in groups, to be read over the phone: 2026 1122 0034 57."""
    text = str(value or "")
    return " ".join(text[i : i + size] for i in range(0, len(text), size)) or "—"


@lru_cache(maxsize=20_000)
def spelled(text: str) -> str:
    """How a Chinese label is typed on a Latin keyboard: whole pinyin and initials."""
    return f"{pinyin(text)} {initials(text)}"


FILTERS: dict[str, Callable[..., Any]] = {
    "dt": dt,
    "date": day,
    "ago": ago,
    "left": left_words,
    "number": number,
    "money": money,
    "percent": percent,
    "filesize": filesize,
    "phone_mask": phone_mask,
    "grouped": grouped,
    "spelled": spelled,
    "tojson_script": json_script,
}
