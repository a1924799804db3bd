"""Every named error becomes its page; nothing half done is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from linli.kernel import errors
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account
from linli.platform.access.scope import acting

FAULTS: dict[str, Any] = {
    "notfound": (errors.NotFound, 404),
    "forbidden": (lambda: errors.Forbidden("x"), 403),
    "stale": (errors.Stale, 409),
    "wrong": (lambda: errors.WrongMove(verb="a", state="b"), 409),
    "invalid": (lambda: errors.Invalid("field", "Say which."), 422),
    "closed": (errors.Closed, 409),
    "away": (errors.Unavailable, 503),
    "database": (OperationalError, 503),
    "large": (RequestDataTooBig, 413),
    "disk": (lambda: OSError(28, "No space left on device"), 503),
    "broken": (ValueError, 500),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    Account.objects.create(username=f"half-{kind}", full_name="half done")
    raise FAULTS[kind][0]()


urlpatterns = [path("fail/<str:kind>", fail), path("", include("linli.platform.pages.urls"))]
handler400 = "linli.sites.errors.bad_request"
handler404 = "linli.platform.pages.errors.page_not_found"
handler500 = "linli.sites.errors.server_error"


@pytest.mark.parametrize("kind", FAULTS)
@override_settings(ROOT_URLCONF=__name__)
def test_an_error_is_a_page_and_leaves_nothing(db: None, kind: str) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    response = client.post(f"/fail/{kind}")
    assert response.status_code == FAULTS[kind][1]
    assert b"<h1>" in response.content
    with acting(Actor.system()):
        assert not Account.objects.filter(username=f"half-{kind}").exists()


@override_settings(ROOT_URLCONF=__name__)
def test_a_program_gets_json_and_htmx_plain_words(db: None) -> None:
    client = Client(headers={"accept": "application/json", "accept-language": "en"})
    answer = client.post("/fail/invalid").json()
    assert answer["error"] == {"status": 422, "message": "Say which."}
    response = Client(headers={"HX-Request": "true"}).post("/fail/closed")
    assert response["Content-Type"].startswith("text/plain")
