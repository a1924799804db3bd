"""The gallery behind a real port, without a database, and one Chromium for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings

from linli.platform.pages.testing import browser, served

WITHOUT_DATABASE = (
    "django.middleware.security",
    "csp.middleware",
    "django.middleware.locale",
    "django.middleware.common",
    "django.middleware.csrf",
    "django_htmx",
)


@pytest.fixture
def bare_settings(settings: Settings) -> Settings:
    settings.ROOT_URLCONF = "linli.platform.pages.tests.urls"
    settings.ALLOWED_HOSTS = ["*"]
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name.startswith(WITHOUT_DATABASE)
    ]
    return settings


@pytest.fixture
def gallery(bare_settings: Settings) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started
