"""A mail server for tests, in a thread: it keeps what it takes, refuses on demand."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from crm import db

SENDER = "Meyer GmbH <office@meyer.example>"


@dataclass
class PostOffice:
    """`answers` are given to the next recipients, the first first; then all is taken.

    While it is `holding`, it takes a mail and does not say so. `users` are those who
    may sign in, with their passwords.
    """

    port: int
    holding: bool = False
    answers: list[str] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(envelope.rcpt_tos)
        self.raw.append(envelope.content)
        self.encrypted.append(session.ssl is not None)
        while self.holding:
            await asyncio.sleep(0.05)
        return "250 taken"

    def sign_in(self, *given: Any) -> AuthResult:
        """Whether user and password fit together."""
        login = given[-1]
        known = self.users.get(login.login.decode())
        return AuthResult(success=known == login.password.decode(), handled=False)


@contextmanager
def opened(tls: ssl.SSLContext | None = None) -> Iterator[PostOffice]:
    """A server on a free port of this machine; STARTTLS where there is `tls`."""
    office = PostOffice(port=_free_port())
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        tls_context=tls,
        auth_require_tls=tls is not None,
        authenticator=office.sign_in,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def use(patch: pytest.MonkeyPatch, url: str) -> None:
    """Send by the server at `url` from here on."""
    patch.setenv("CRM_SMTP_URL", url)
    patch.setenv("CRM_MAIL_FROM", SENDER)
    db.forget()


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])
