"""Mail by SMTP: one mail to one address, over the server that CRM_SMTP_URL names.

`smtp://user:password@host:port`, with `?starttls` to insist on encryption before
anything else is said, or `smtps://` for encryption from the first byte.
"""

import mimetypes
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from crm.config import settings
from crm.errors import CRMError
from crm.i18n import _
from crm.models import OutgoingMail
from crm.services.customers import addresses

PORTS = {"": 25, "starttls": 587, "tls": 465}
SECONDS = 25  # for one answer; a whole conversation has at most eleven
HERE = ("localhost", "127.0.0.1", "::1")


class Refused(CRMError):
    """The server does not take this mail, now or ever."""


class Postponed(CRMError):
    """The server does not take this mail now."""


class Unreachable(CRMError):
    """There is nobody to take any mail now."""


@dataclass(frozen=True)
class Server:
    """Where mail is handed over. `security` is “”, “starttls” or “tls”."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


def send(mail: OutgoingMail) -> None:
    """Hand `mail` over. Once the server has taken it, nothing is raised any more.

    Raises:
        Refused: the server does not take it, or it cannot be written as a mail.
        Postponed: the server asks for another try.
        Unreachable: no server, or not with this user and password.
    """
    message = _letter(mail)
    to = addresses.spoken(mail.to_address)
    with _connected(server()) as smtp:
        try:
            smtp.send_message(message, _sender().addr_spec, [to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _answer(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            raise _answer(error.smtp_code, error.smtp_error) from error


def server() -> Server:
    """The server that the settings name.

    Raises:
        Unreachable: they name none.
    """
    try:
        url = urlsplit(settings().smtp_url)
        host, port = url.hostname or "", url.port
    except ValueError:
        host, port = "", None
    if not host or url.scheme not in ("smtp", "smtps"):
        raise Unreachable(_("CRM_SMTP_URL is not the address of a mail server."))
    asked = "starttls" in parse_qs(url.query, keep_blank_values=True)
    security = "tls" if url.scheme == "smtps" else "starttls" if asked else ""
    user, password = unquote(url.username or ""), unquote(url.password or "")
    if not (user + password).isascii():  # smtplib writes no other
        words = _("User and password of the mail server may be in ASCII only.")
        raise Unreachable(words)
    return Server(host, port or PORTS[security], security, user, password)


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A conversation with the server, until the mail is handed over."""
    if server.user and not server.security and server.host not in HERE:
        raise Unreachable(
            _("The password would travel in clear: add ?starttls to CRM_SMTP_URL.")
        )
    try:
        smtp = _opened(server)
        try:
            yield smtp
        finally:
            with suppress(smtplib.SMTPException, OSError):  # it is over, either way
                smtp.quit()
    except smtplib.SMTPAuthenticationError as error:
        words = _("The mail server does not accept user and password: {answer}")
        answer = _told(error.smtp_code, error.smtp_error)
        raise Unreachable(words.format(answer=answer)) from error
    except (smtplib.SMTPException, OSError) as error:
        words = _("The mail server {host} cannot be reached: {reason}")
        reason = str(error) or type(error).__name__
        raise Unreachable(words.format(host=server.host, reason=reason)) from error


def _opened(server: Server) -> smtplib.SMTP:
    """A connection, encrypted and signed in as the settings want it."""
    tls = ssl.create_default_context() if server.security else None
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=tls
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.security == "starttls":
            smtp.starttls(context=tls)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _letter(mail: OutgoingMail) -> EmailMessage:
    """The mail as it travels: the same at every try."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    try:
        message["From"] = _sender()
        message["To"] = Address(addr_spec=addresses.spoken(mail.to_address))
        if mail.reply_to:
            message["Reply-To"] = Address(addr_spec=addresses.spoken(mail.reply_to))
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = mail.message_id
        message.set_content(mail.body)
        if mail.attachment is not None:
            _attach(message, mail.attachment_name or "", mail.attachment)
    except ValueError as error:
        raise Refused(_("This cannot be written as a mail.")) from error
    return message


def _attach(message: EmailMessage, name: str, content: bytes) -> None:
    known, encoding = mimetypes.guess_type(name)
    kind = known if known and not encoding else "application/octet-stream"
    main, _slash, sub = kind.partition("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)


def _sender() -> Address:
    """Who mails are from, by CRM_MAIL_FROM.

    Raises:
        Unreachable: that is no address.
    """
    name, address = parseaddr(settings().mail_from)
    try:
        spec = addresses.spoken(addresses.checked(address, field="from"))
        return Address(display_name=name, addr_spec=spec)
    except (CRMError, ValueError) as error:
        raise Unreachable(_("CRM_MAIL_FROM is not an e-mail address.")) from error


def _answer(code: int, text: bytes | str) -> CRMError:
    """What a refusal of the server means: for good from 500 on."""
    told = _told(code, text)
    if code >= 500:
        return Refused(_("The mail server refuses it: {answer}").format(answer=told))
    return Postponed(
        _("The mail server asks for another try: {answer}").format(answer=told)
    )


def _told(code: int, text: bytes | str) -> str:
    """The words of the server in one line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    shown = "".join(c if c.isprintable() else " " for c in words)
    return " ".join(f"{code} {shown}".split())[:300]
