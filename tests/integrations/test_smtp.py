"""What a mail server is told, and what is made of its answers."""

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crm.integrations import smtp
from crm.integrations.smtp import Postponed, Refused, Server, Unreachable
from crm.models import OutgoingMail
from tests import post_office
from tests.make import NOON
from tests.post_office import PostOffice


def mail(**details: object) -> OutgoingMail:
    defaults = {
        "to_address": "lin@example.com",
        "subject": "Your quote",
        "body": "Good day,\nhere it is.",
        "message_id": "<1.2@meyer.example>",
        "created_at": NOON,
    }
    return OutgoingMail(**defaults | details)


def test_a_letter_arrives_as_it_was_written(office: PostOffice) -> None:
    """F4: names and files in any letters."""
    smtp.send(
        mail(
            subject="报价单 Q-2026-00001：给上海工厂的自动化设备、安装与培训的正式报价",
            body="您好，\n\n.报价单见附件。\nViele Grüße",
            reply_to="anna@meyer.example",
            attachment_name="报价单 Müller.pdf",
            attachment=b"%PDF-1.7\r\n\x00\xff",
        )
    )

    (letter,) = office.letters
    assert letter["Subject"].startswith("报价单 Q-2026-00001：给上海工厂的自动化设备")
    assert letter["From"] == post_office.SENDER
    assert (letter["To"], letter["Reply-To"]) == (
        "lin@example.com",
        "anna@meyer.example",
    )
    assert letter["Date"].datetime == NOON
    body, file = letter.get_body(), next(letter.iter_attachments())
    assert body is not None
    assert (
        body.get_content().replace("\r", "")
        == "您好，\n\n.报价单见附件。\nViele Grüße\n"
    )
    assert (file.get_filename(), file.get_content_type()) == (
        "报价单 Müller.pdf",
        "application/pdf",
    )
    assert file.get_content() == b"%PDF-1.7\r\n\x00\xff"
    assert b"filename*=utf-8''" in office.raw[0]
    assert office.raw[0].isascii()
    assert office.recipients == [["lin@example.com"]]


def test_a_second_try_carries_the_same_message_id(office: PostOffice) -> None:
    for _try in range(2):
        smtp.send(mail())

    assert [one["Message-ID"] for one in office.letters] == ["<1.2@meyer.example>"] * 2


def test_a_domain_in_other_letters_travels_in_ascii(office: PostOffice) -> None:
    smtp.send(mail(to_address="info@münchen.example"))

    assert office.recipients == [["info@xn--mnchen-3ya.example"]]


@pytest.mark.parametrize(
    ("answer", "meaning", "words"),
    [
        ("450 4.2.0 Greylisted", Postponed, "asks for another try: 450 4.2.0 Grey"),
        ("550 5.1.1 <b>No such user", Refused, "refuses it: 550 5.1.1 <b>No such"),
    ],
)
def test_an_answer_of_the_server_is_told_in_words(
    office: PostOffice, answer: str, meaning: type[Exception], words: str
) -> None:
    office.answers = [answer]

    with pytest.raises(meaning, match=words):
        smtp.send(mail())
    assert office.letters == []


@pytest.mark.parametrize(
    "harm",
    [
        {"subject": "Hello\r\nBcc: eve@example.com"},
        {"message_id": "<1@x>\nBcc: eve@example.com"},
        {"attachment": b"x", "attachment_name": "a.pdf\r\nBcc: eve@example.com"},
    ],
)
def test_no_header_is_smuggled_in(office: PostOffice, harm: dict[str, object]) -> None:
    """C4: even if it has come past the service that writes mails down."""
    try:
        smtp.send(mail(**harm))
    except Refused:
        return
    (letter,) = office.letters
    assert [part["Bcc"] for part in letter.walk()] == [None] * 2


def test_a_silent_port_is_told_in_words(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, "smtp://127.0.0.1:1")

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached"):
        smtp.send(mail())


def test_a_password_signs_in(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.users = {"ada@x": "p:/?"}
    place = f"127.0.0.1:{office.port}"
    post_office.use(monkeypatch, f"smtp://ada%40x:p%3A%2F%3F@{place}")
    smtp.send(mail())
    post_office.use(monkeypatch, f"smtp://ada%40x:secret@{place}")

    with pytest.raises(Unreachable, match="does not accept user and password") as told:
        smtp.send(mail())
    assert "secret" not in str(told.value)
    assert len(office.letters) == 1


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, "")),
        ("smtp://mail.example?starttls", Server("mail.example", 587, "starttls")),
        (
            "smtps://a:b@mail.example:4650/",
            Server("mail.example", 4650, "tls", "a", "b"),
        ),
        ("smtp://[::1]:2525", Server("::1", 2525, "")),
    ],
)
def test_an_address_of_a_server_is_read(
    url: str, server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, url)

    assert smtp.server() == server


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail.example", "CRM_SMTP_URL is not the address"),
        ("smtp://mail.example:x", "CRM_SMTP_URL is not the address"),
        ("https://mail.example", "CRM_SMTP_URL is not the address"),
        ("smtp://ada:secret@mail.example", "would travel in clear"),
        ("smtps://ada:secret%C3%A4@mail.example", "may be in ASCII only"),
    ],
)
def test_settings_that_cannot_be_used_are_told_in_words(
    url: str, words: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, url)

    with pytest.raises(Unreachable, match=words) as told:
        smtp.send(mail())
    assert "secret" not in str(told.value)


@pytest.fixture
def encrypted(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostOffice]:
    """A server with a certificate that this process trusts."""
    certificate = _certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with post_office.opened(context) as made:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        yield made


def test_nothing_is_said_in_clear_where_encryption_is_asked_for(
    encrypted: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypted.users = {"ada": "secret"}
    place = f"ada:secret@localhost:{encrypted.port}"
    post_office.use(monkeypatch, f"smtp://{place}?starttls")
    smtp.send(mail())

    assert encrypted.encrypted == [True]


def test_a_server_of_another_name_gets_nothing(
    encrypted: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, f"smtp://127.0.0.1:{encrypted.port}?starttls")

    with pytest.raises(Unreachable, match="certificate"):
        smtp.send(mail())
    assert encrypted.letters == []


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, f"smtp://127.0.0.1:{office.port}?starttls")

    with pytest.raises(Unreachable, match="STARTTLS"):
        smtp.send(mail())
    assert office.letters == []


def _certificate(folder: Path) -> Path:
    """A certificate for localhost with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path
