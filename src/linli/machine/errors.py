"""What can go wrong while running Linli; each error is one sentence the operator can act on."""

from __future__ import annotations

from linli.machine.words import gettext


class MachineError(Exception):
    """A reason to stop, said in a sentence; `params` fill its `{places}`."""

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params = params
        super().__init__(message)

    def __str__(self) -> str:
        return gettext(self.message, **self.params)
