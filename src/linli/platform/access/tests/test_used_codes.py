"""A code of the second factor is used up at once, in every web process."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.platform.access.tests.test_sign_in import (  # noqa: F401 - the fixture works by its name
    code_of,
    fast_passwords,
    set_up_second_factor,
    sign_in,
)
from tests.cast import Cast

pytestmark = pytest.mark.urls("linli.platform.access.tests.urls")


def with_code(client: Client, code: str) -> Any:
    answer = sign_in(client, "cast_secretary")
    return client.post(answer["Location"], {"code": code})


def test_a_code_opens_once_also_in_another_process(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_secretary")
    set_up_second_factor(client)
    code = code_of(cast.secretary, shift=1)
    assert with_code(Client(), code).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_cache WHERE cache_key LIKE '%totp%'")
        assert cursor.fetchone()[0], "what only one process remembers, another lets through"
    assert with_code(Client(), code).status_code == 200
