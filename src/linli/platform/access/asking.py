"""What the parts of one page ask alike is asked of the database once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("linli_answers", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """While a page is read: nothing is written meanwhile, so equal questions have one answer."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once_a_page(ask: Callable[P, R]) -> Callable[P, R]:
    """Remember what `ask` answered for equal arguments, until the page is done."""

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        answers = _answers.get()
        if answers is None:
            return ask(*args, **kwargs)
        question = (ask, args, tuple(sorted(kwargs.items())))
        if question not in answers:
            answers[question] = ask(*args, **kwargs)
        found: R = answers[question]
        return found

    return asked
