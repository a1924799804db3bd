"""Icons by name from one sprite, built out of Tabler's icons by set-up; only the listed ones."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from linli.platform.pages.assets import ICON_LIST, ICON_SOURCE, SPRITE

OUTER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@lru_cache
def icon_names() -> frozenset[str]:
    """Names in icons.txt; a line starting with # is a heading."""
    lines = ICON_LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """One icon as <svg>. Without `label` it is decoration, hidden from screen readers.

    Raises LookupError when the name is not in icons.txt: add it there.
    """
    if name not in icon_names():
        raise LookupError(f"icon {name!r} is not in {ICON_LIST.name}")
    classes = f"icon {extra}".strip()
    href = f"{static('vendor/icons.svg')}#{symbol_id(name)}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>',
            classes,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>',
        classes,
        href,
    )


def symbol_id(name: str) -> str:
    """Identifier of an icon in the sprite."""
    return name.replace("/", "-")


def ensure_sprite() -> None:
    """Build the sprite when it is missing or older than the list or the fetched icons."""
    if not ICON_SOURCE.is_dir():
        return
    newest = max(ICON_LIST.stat().st_mtime, (ICON_SOURCE.parent / "package.json").stat().st_mtime)
    if not SPRITE.is_file() or SPRITE.stat().st_mtime < newest:
        build_sprite()


def build_sprite() -> Path:
    """Write the sprite beside the fetched packages; returns its path.

    Raises FileNotFoundError naming the icon that the package does not have.
    """
    symbols = []
    for name in sorted(icon_names()):
        style, _, plain = name.rpartition("/")
        source = ICON_SOURCE / (style or "outline") / f"{plain}.svg"
        found = OUTER.search(source.read_text(encoding="utf-8"))
        if found is None:
            raise FileNotFoundError(source)
        body = re.sub(r"\s+", " ", found.group(1)).strip()
        paint = (
            'fill="currentColor"'
            if style == "filled"
            else 'fill="none" stroke="currentColor" stroke-width="1.75" '
            'stroke-linecap="round" stroke-linejoin="round"'
        )
        symbols.append(
            f'<symbol id="{symbol_id(name)}" viewBox="0 0 24 24" {paint}>{body}</symbol>'
        )
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    text = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
    beside = SPRITE.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(SPRITE)
    return SPRITE
