"""Folded templates say what unfolded ones say, in the language asked for."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils import translation

from linli.platform.pages.jinja import environment_in

TEXT = """{{ _("Search") }}|{{ _("%(label)s: all", label=what) }}|{{ icon("bell") }}|
{%- trans %}Close{% endtrans %}|{{ static("linli/css/base.css") }}|{{ url("pages:preferences") }}|
{%- set icon = "own" %}{{ icon }}|{{ {"yes": _("Yes")}|tojson }}"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_folded_template_says_the_same(language: str) -> None:
    plain = engines["jinja2"].env.from_string(TEXT)  # type: ignore[attr-defined]
    with translation.override(language):
        told = environment_in(language).from_string(TEXT).render(what="<b>")
        assert told == plain.render(what="<b>")
        assert translation.gettext("Search") in told


def test_what_is_folded_costs_no_call() -> None:
    env = environment_in("en")
    code = env.compile('{{ _("Search") }}{{ icon("bell") }}', raw=True)
    assert "gettext" not in code
    assert "Search" in code
