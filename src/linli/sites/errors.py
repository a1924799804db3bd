"""Named errors become the right answer; whatever was half written is rolled back."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from linli.kernel.errors import LinliError
from linli.platform.access.asking import one_page
from linli.platform.desk.status import status_of
from linli.platform.pages.errors import error_page

log = structlog.get_logger(__name__)

SERVER_FAULT = 500
UNAVAILABLE = 503
TOO_LARGE = 413
SAFE = ("GET", "HEAD", "OPTIONS")
FULL = (errno.ENOSPC, errno.EDQUOT)


class ErrorsMiddleware:
    """Answers a `LinliError` of any view with its page; last of all middleware.

    A view that writes runs in a savepoint, so that an error after the first write leaves nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase:
        """Call the view."""
        try:
            if request.method in SAFE:
                with one_page():
                    return view(request, *args, **kwargs)
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except LinliError as error:
            return answer(request, error)


def answer(request: HttpRequest, error: LinliError) -> HttpResponse:
    """The page of a named error."""
    status = status_of(error)
    if status >= SERVER_FAULT:
        log.warning("refused", error=type(error).__name__, path=request.path)
    return error_page(request, status, error.sentence)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: also for what is too large or too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return error_page(request, TOO_LARGE)
    return error_page(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a database that is away or a full disk is no broken program."""
    error = sys.exc_info()[1]
    if is_unavailable(error):
        return error_page(request, UNAVAILABLE)
    if isinstance(error, OSError) and error.errno in FULL:
        return error_page(
            request,
            UNAVAILABLE,
            gettext("The disk of the server is full. Nothing was saved; please tell the office."),
        )
    return error_page(request, SERVER_FAULT)


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the database did not answer, or could not finish in time."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__
    return False
