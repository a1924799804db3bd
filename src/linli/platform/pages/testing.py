"""Looking at pages in a real Chromium: screenshots in every mode, and the accessibility check."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, Page, sync_playwright

from linli.platform.pages.assets import NODE_MODULES

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
WIDTHS = {"desktop": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only the faults come back: the rest of the answer is larger than the page.
AXE = """wanted => axe.run(document, {
    runOnly: wanted, resultTypes: ['violations'],
  }).then(found => found.violations.flatMap(one => one.nodes.map(
    node => `${one.id}: ${node.target} ${node.failureSummary || ''}`)))"""
WEAR = """look => {
  Object.assign(document.documentElement.dataset, look);
  document.dispatchEvent(new CustomEvent('linli:look'));
}"""
TOO_WIDE = """() => {
  const by = document.documentElement.scrollWidth - innerWidth;
  if (by <= 0) return [];
  const held = one => one && one !== document.body
    && (getComputedStyle(one).overflowX !== 'visible' || getComputedStyle(one).position === 'fixed'
      || held(one.parentElement));
  const out = [...document.querySelectorAll('body *')].filter(one =>
    one.getBoundingClientRect().right > innerWidth + 1 && !held(one));
  return [`${by} px too wide: ` + out.slice(-1).map(one => one.outerHTML.slice(0, 160))];
}"""
SAID = """() => {
  const shut = 'style, noscript, kbd, textarea, [translate=no], script:not(#words), '
    + '[lang]:not(html, [lang|="zh"])';
  const said = [];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.closest(shut)) said.push(
      node.parentElement.id === 'words'
        ? Object.values(JSON.parse(node.data)).join(' ').replace(/\\{\\w+\\}/g, '') : node.data);
  }
  for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    if (!one.closest(shut)) for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      said.push(one.getAttribute(name) || '');
  return said;
}"""
# Addresses, keys of rows and digests are no words.
NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|[0-9a-f-]{16,}|[A-Z]+(?:-[A-Z0-9]+)+")
LATIN = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]{2,}(?![A-Za-z0-9_])")


@dataclass(frozen=True)
class Look:
    """One way of looking: how a reader has set the pages."""

    mode: str = "normal"
    theme: str = "light"
    size: str = "20"
    language: str = "zh-hans"

    @property
    def name(self) -> str:
        """Short name for files and test ids."""
        shade = "dark" if self.theme == "dark" else self.mode
        return f"{shade}{self.size if self.mode == 'elderly' else ''}-{self.language[:2]}"


LOOKS = [
    Look(mode=mode, theme=theme, language=language)
    for language in ("zh-hans", "en")
    for mode, theme in (("normal", "light"), ("elderly", "light"), ("normal", "dark"))
]


def chromium_path() -> str:
    """Chromium of the system, or the one LINLI_CHROMIUM names; raises FileNotFoundError."""
    found = os.environ.get("LINLI_CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if not found:
        raise FileNotFoundError("no Chromium: install it or name it in LINLI_CHROMIUM")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium with software rendering, so that maps draw too.

    Playwright keeps an event loop in the test's thread, which Django takes for asynchronous code;
    the tests' own queries in that thread are told to be fine.
    """
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def served() -> Iterator[str]:
    """The present Django settings behind a real port, static files included; yields the address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def opened(
    chromium: Browser, url: str, look: Look, width: str = "desktop", **options: Any
) -> Iterator[Page]:
    """A page in a look of its own; what the page complained of is in `page.complaints`."""
    wide, high = WIDTHS[width]
    context = chromium.new_context(
        viewport={"width": wide, "height": high},
        has_touch=width == "phone",
        locale="zh-CN" if look.language.startswith("zh") else "en-GB",
        reduced_motion="reduce",
        **options,
    )
    origin = "/".join(url.split("/")[:3])
    values = {
        "linli_mode": look.mode,
        "linli_theme": look.theme,
        "linli_size": look.size,
        "django_language": look.language,
    }
    context.add_cookies([{"name": k, "value": v, "url": origin} for k, v in values.items()])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.complaints = complaints  # type: ignore[attr-defined]
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    try:
        yield page
    finally:
        context.close()


def axe(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What the accessibility check finds, one line a rule and place.

    Under WCAG 2.2 AA and good practice, or under these rules alone.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Path(NODE_MODULES, "axe-core", "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(AXE, list(rules) or AA)
    return found


def wear(page: Page, look: Look) -> None:
    """Change mode, theme and letter size of an open page, as its own buttons do."""
    page.evaluate(WEAR, {"mode": look.mode, "theme": look.theme, "size": look.size})


def too_wide(page: Page) -> list[str]:
    """How far the page scrolls sideways, and what sticks out of the window."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def untitled(page: Page) -> list[str]:
    """Whether the page lacks a title of its own before the name of the product."""
    title = page.title()
    return [] if title.partition("·")[0].strip() else [f"no title: {title!r}"]


def latin_words(page: Page) -> set[str]:
    """Words in Latin letters that a reader of Chinese finds on the page, shown or read aloud.

    What is marked as another language or not to be translated, keys and addresses are left out.
    """
    said: list[str] = page.evaluate(SAID)
    words = (NO_WORDS.sub(" ", text) for text in said)
    return {word for text in words for word in LATIN.findall(text)}


def look(
    url: str,
    folder: Path,
    name: str,
    *,
    looks: list[Look] | None = None,
    widths: list[str] | None = None,
    full: bool = True,
    storage_state: str | None = None,
) -> list[Path]:
    """Screenshots of a page in every look and width; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    options: dict[str, Any] = {"storage_state": storage_state} if storage_state else {}
    with browser() as chromium:
        for one in looks or LOOKS:
            for width in widths or list(WIDTHS):
                with opened(chromium, url, one, width, **options) as page:
                    page.wait_for_load_state("networkidle")
                    target = folder / f"{name}-{width}-{one.name}.png"
                    page.screenshot(path=target, full_page=full)
                    files.append(target)
    return files
