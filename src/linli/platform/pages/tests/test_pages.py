"""Rendering, formats, tokens and files, without a browser."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist, engines
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings

from linli.platform.pages import formats
from linli.platform.pages.assets import LINLI, ROOT, VENDOR, missing
from linli.platform.pages.components import MACRO_FILES
from linli.platform.pages.errors import FAULTS, error_page
from linli.platform.pages.icons import icon_names
from linli.platform.pages.render import render

HERE = Path(__file__).resolve().parents[1]
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh-hans", "2026年11月22日 14:05|11月22日 14:05|2026年11月22日|3 小时前|剩 2 小时"),
        ("en", "22 November 2026, 14:05|22 Nov, 14:05|22 November 2026|3 hours ago|2 hours left"),
    ],
)
def test_moments_in_both_languages(language: str, wanted: str) -> None:
    with time_machine.travel(NOW, tick=False), translation.override(language):
        shown = [
            formats.dt(NOW),
            formats.dt(NOW, "short"),
            formats.day(date(2026, 11, 22)),
            formats.ago(NOW - timedelta(hours=3)),
        ]
        words = [re.sub("<[^>]+>", "", text) for text in shown]
        assert [*words, formats.left_words(NOW + timedelta(hours=2))] == wanted.split("|")
        assert 'datetime="2026-11-22T14:05+08:00"' in shown[0]


def test_other_values() -> None:
    assert formats.money(Decimal("1234.5")) == "¥1,234.50"
    assert formats.money(-3) == "−¥3.00"
    assert formats.phone_mask("13812345678") == "138****5678"
    assert formats.phone_mask("12345") == "***45"
    assert formats.filesize(5 * 1024 * 1024) == "5.0 MB"
    assert formats.grouped("3302822611090073") == "3302 8226 1109 0073"
    assert formats.percent(0.875) == "87.5%"


def test_due_tone_has_an_edge_on_each_side() -> None:
    with time_machine.travel(NOW, tick=False):
        assert formats.due_tone(NOW) == "late"
        assert formats.due_tone(NOW + timedelta(hours=24)) == "soon"
        assert formats.due_tone(NOW + timedelta(hours=24, seconds=1)) == "fine"
        assert formats.due_tone(NOW + timedelta(hours=9), NOW + timedelta(hours=1)) == "fine"


def test_an_htmx_request_gets_its_block_and_others_the_page(bare_settings: Settings) -> None:
    whole = Client().get("/gallery").content.decode()
    headers = {"HX-Request": "true", "HX-Target": "gallery_list"}
    part = Client().get("/gallery", headers=headers)
    assert "<!DOCTYPE html>" in whole
    assert part.content.decode().lstrip().startswith('<section class="stack-s" id="gallery_list"')
    assert part.headers["Vary"].startswith("HX-Request")


def test_a_view_may_set_what_a_provider_gives(bare_settings: Settings, rf: RequestFactory) -> None:
    own = {"status": 422, "fault": FAULTS[422], "sentence": "Mine", "map_settings": {"a": "b"}}
    answer = render(rf.get("/"), "pages/error.html", own, status=422)
    assert answer.status_code == 422
    assert "Mine" in answer.content.decode()
    assert '{"a": "b"}' in answer.content.decode()


def test_names_of_other_packages_are_left_to_the_next_engine() -> None:
    with pytest.raises(TemplateDoesNotExist):
        engines["jinja2"].get_template("django/forms/default.html")
    with pytest.raises(TemplateDoesNotExist):
        engines["jinja2"].get_template("allauth/layouts/base.html")


def test_an_undefined_name_is_an_error() -> None:
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    with pytest.raises(jinja2.UndefinedError):
        env.from_string("{{ nobody }}").render()
    with pytest.raises(jinja2.UndefinedError):
        env.from_string("{{ ui.no_such_thing() }}").render()


@pytest.mark.parametrize("status", sorted(FAULTS))
def test_every_error_has_a_page_words_and_json(
    bare_settings: Settings, rf: RequestFactory, status: int
) -> None:
    page = error_page(rf.get("/somewhere"), status, "What happened.")
    assert page.status_code == status
    assert "What happened." in page.content.decode()
    fragment = error_page(rf.get("/", headers={"HX-Request": "true"}), status)
    assert "<" not in fragment.content.decode()
    answer = error_page(rf.get("/", headers={"Accept": "application/json"}), status, "What.")
    assert json.loads(answer.content)["error"] == {"status": status, "message": "What."}


def test_preferences_keep_only_what_is_known(bare_settings: Settings) -> None:
    sent = {"theme": "dark", "mode": "huge", "language": "xx", "next": "//elsewhere.example/"}
    answer = Client().post("/preferences", sent)
    assert answer.headers["Location"] == "/"
    assert answer.cookies["linli_theme"].value == "dark"
    assert "linli_mode" not in answer.cookies
    assert "django_language" not in answer.cookies


def test_vendor_files_are_there_and_nothing_else_is() -> None:
    for address in VENDOR:
        assert finders.find(f"vendor/{address}")
    # Asked after the finder, which draws the icons when they are first wanted.
    assert missing() == []
    assert not finders.find("vendor/../package.json")
    assert not finders.find("vendor/echarts/package.json")


def test_locked_packages_carry_no_addresses() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_every_icon_named_in_templates_is_listed() -> None:
    named = re.compile(r"""(?:icon\(|_icon\(|_sign\(|_mark\(|icon=)["']([a-z0-9/-]+)["']""")
    for path in LINLI.glob("**/templates/**/*.html"):
        for name in named.findall(path.read_text(encoding="utf-8")):
            assert name in icon_names(), f"{path.name}: {name}"


def test_nothing_inline_in_any_template() -> None:
    wrong = re.compile(r"""\sstyle=|\son[a-z]+=["']|<script(?![^>]*\ssrc=)[^>]*>|hx-on""")
    for path in LINLI.glob("**/templates/**/*.html"):
        found = wrong.search(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S))
        assert not found, f"{path}: {found and found.group()}"


def test_both_ways_to_dark_are_the_same() -> None:
    css = (HERE / "static/linli/css/tokens.css").read_text()
    chosen = dict(re.findall(r"(--[\w-]+): ([^;]+);", block(css, ':root[data-theme="dark"] {')))
    system = dict(re.findall(r"(--[\w-]+): ([^;]+);", block(css, ':root[data-theme="auto"] {')))
    assert chosen == system


def block(css: str, start: str) -> str:
    begin = css.index(start)
    return css[begin : css.index("}", begin)]


PAIRS = [
    (front, back)
    for back in ("canvas", "surface", "sunken", "hover", "chosen")
    for front in ("text", "text-2", "text-3", "link", "accent", "danger", "soon", "done")
] + [
    *((tone, f"{tone}-soft") for tone in ("danger", "soon", "done", "info", "idle")),
    *(("text", f"{tone}-soft") for tone in ("danger", "soon", "done", "info", "idle")),
    ("text-2", "idle-soft"),
    ("on-fill", "fill"),
    ("on-fill", "fill-hover"),
    ("on-fill", "danger-fill"),
    ("on-fill", "danger-fill-hover"),
    ("accent", "accent-soft"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS, ids=[f"{f}/{b}" for f, b in PAIRS])
def test_contrast_of_words(theme: str, front: str, back: str) -> None:
    css = (HERE / "static/linli/css/tokens.css").read_text()
    start = ":root {" if theme == "light" else ':root[data-theme="dark"] {'
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block(css, start)))
    assert contrast(colours[front], colours[back]) >= 4.5


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_raw_colours_live_in_the_token_file_only() -> None:
    allowed = {"tokens.css", "print.css"}
    for path in (HERE / "static/linli/css").glob("*.css"):
        if path.name in allowed:
            continue
        text = re.sub(r"\.lightbox[^}]*\}|dialog\.lightbox[^}]*\}", "", path.read_text())
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=[;\s)])", text), path.name


def test_every_macro_file_says_what_it_has() -> None:
    for name in MACRO_FILES:
        text = (HERE / "templates" / name).read_text()
        head = text[: text.index("#}")]
        macros = re.findall(r"\{% macro ([a-z]\w*)\(", text)
        assert [macro for macro in macros if not re.search(rf"\b{macro}\b", head)] == [], name
