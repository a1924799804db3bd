"""A real mail server on a real socket, in this process."""

from __future__ import annotations

import socket
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailServer:
    """Takes mail, except for addresses it was told to refuse."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[Message] = []
        self.recipients: list[str] = []
        self.refused: dict[str, str] = {}
        self._controller: Controller | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Refuse or take a recipient."""
        del server, session, options
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        del server, session
        content = envelope.content
        body = content if isinstance(content, bytes) else str(content).encode()
        self.mails.append(message_from_bytes(body, policy=default))
        self.recipients += envelope.rcpt_tos
        return "250 taken"

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
