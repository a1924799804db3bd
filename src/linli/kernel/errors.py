"""Every error a person can meet, each with a sentence in that person's language.

The sentence is translated when it is read, not when the error is raised, so that a message raised
in a job still reaches its reader in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise


class LinliError(Exception):
    """Base of every named error; `message` may hold `%(name)s` places filled from `params`."""

    message: Text = _("This could not be done.")

    def __init__(self, message: Text | None = None, **params: Any) -> None:
        super().__init__()
        if message is not None:
            self.message = message
        self.params = params

    @property
    def sentence(self) -> str:
        """The message in the language now active, places filled."""
        return fill(self.message, self.params)

    def __str__(self) -> str:
        return self.sentence


class NotFound(LinliError):
    """There is no such thing, or it is out of the actor's reach: the two must look alike."""

    message = _("There is nothing here under this address, or it lies outside your area.")


class Forbidden(LinliError):
    """The thing is in reach, but this act on it is not the actor's to do."""

    message = _("You may not do this here: “%(verb)s” is not among the rights of your post.")

    def __init__(self, verb: Text, message: Text | None = None, **params: Any) -> None:
        super().__init__(message, verb=verb, **params)
        self.verb = verb


class Stale(LinliError):
    """Somebody else changed the row since the page was read."""

    message = _(
        "Someone else changed this after you opened the page. Your input was not saved; "
        "look at the new state below and decide again."
    )


class WrongMove(LinliError):
    """The life cycle has no such move from the present state."""

    message = _("“%(verb)s” is not possible while the state is “%(state)s”.")

    def __init__(
        self,
        verb: Text,
        state: Text,
        message: Text | None = None,
        **params: Any,
    ) -> None:
        super().__init__(message, verb=verb, state=state, **params)
        self.verb = verb
        self.state = state


class Invalid(LinliError):
    """Input that cannot be taken; every fault stands at its field.

    `field` is the name of the form field, or "" for a fault of the whole form.
    """

    message = _("Some of the input cannot be taken; see the marked fields.")

    def __init__(self, field: str, sentence: Text, **params: Any) -> None:
        super().__init__(sentence, **params)
        self.field = field
        self._faults: dict[str, tuple[Text, Mapping[str, Any]]] = {field: (sentence, params)}

    @classmethod
    def several(cls, faults: Mapping[str, Text]) -> Invalid:
        """One error for several fields at once; `faults` must name at least one."""
        if not faults:
            raise ValueError("an error without a fault")
        first = next(iter(faults))
        error = cls(first, faults[first])
        error._faults = {field: (sentence, {}) for field, sentence in faults.items()}
        if len(faults) > 1:
            error.message = cls.message
        return error

    @property
    def faults(self) -> dict[str, str]:
        """Field name → sentence in the language now active."""
        return {field: fill(text, params) for field, (text, params) in self._faults.items()}


class Closed(LinliError):
    """The thing no longer takes this: a closed category, an abolished unit, a past deadline."""

    message = _("This has been closed and takes nothing new.")


class Unavailable(LinliError):
    """A part the act needs does not answer; nothing was saved, trying again later may help."""

    message = _("This does not work at the moment. Nothing was saved; please try again later.")


def fill(text: Text, params: Mapping[str, Any]) -> str:
    """`text` in the active language with its `%(name)s` places filled; a bare % stays."""
    return str(text) % params if params else str(text)
