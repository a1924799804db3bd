"""The cast with addresses, something to tell of, and a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from linli.platform.access.models import Account
from linli.platform.access.scope import acting
from linli.platform.notices.tests.mailserver import MailServer, free_port
from tests.cast import Cast, cast, committed_cast  # noqa: F401  fixtures


@pytest.fixture
def told_cast(cast: Cast) -> Cast:  # noqa: F811
    """The cast, each with an e-mail address."""
    with acting(cast.actor("system")):
        for name, account in cast.accounts.items():
            account.email = f"{name}@cixi.example"
            Account.objects.filter(pk=account.pk).update(email=account.email)
    return cast


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A listening mail server that Django's settings point to."""
    server = MailServer(free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.PUBLIC_ADDRESS = "https://linli.cixi.example"
    server.start()
    yield server
    server.stop()
