"""Pages and fragments from the same template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import jinja2
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.utils.translation import get_language
from jinja2_fragments import render_block

from linli.platform.pages.context import page
from linli.platform.pages.jinja import environment_in


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str | None = None,
    blocks: Iterable[str] = (),
    status: int = 200,
    also: Iterable[str] = (),
) -> HttpResponse:
    """Answer with a page, or with one block of it.

    `block` forces that block. `blocks` names those htmx may ask for: the one whose name is the
    id in `HX-Target` is answered alone, every other request gets the whole page. `also` are blocks
    sent along with a fragment (elements with `hx-swap-oob`). Give 422 as `status` for a form with
    errors: htmx swaps it like a 200.
    """
    get_token(request)
    wanted = block or asked_block(request, blocks)
    full = full_context(request, context)
    env = page_environment()
    if wanted is None:
        body = env.get_template(template).render(full)
    else:
        body = "".join(render_block(env, template, name, full) for name in (wanted, *also))
    response = HttpResponse(body, status=status)
    if blocks or block:
        response.headers["Vary"] = "HX-Request, HX-Target"
    return response


def asked_block(request: HttpRequest, blocks: Iterable[str]) -> str | None:
    """The block an htmx request is after, or None for the whole page."""
    if request.headers.get("HX-Request") != "true" or request.headers.get("HX-Boosted") == "true":
        return None
    if request.headers.get("HX-History-Restore-Request") == "true":
        return None
    target = request.headers.get("HX-Target", "")
    return next((name for name in blocks if name in (target, target.replace("-", "_"))), None)


def page_environment() -> jinja2.Environment:
    """The templates in the reader's language."""
    return environment_in(get_language() or settings.LANGUAGE_CODE)


def component(name: str, *given: Any, **named: Any) -> str:
    """One component drawn outside a template: `component("timeline", lines)`."""
    ui: Any = page_environment().globals["ui"]
    return str(getattr(ui, name)(*given, **named))


def full_context(request: HttpRequest, context: Mapping[str, Any] | None) -> dict[str, Any]:
    """What Django's engine gives a page, except that here the view's own values win."""
    return {
        **page(request),
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
        **(context or {}),
    }
