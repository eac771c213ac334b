"""The parts of a mail, checked before it is written down."""

from email.utils import make_msgid, parseaddr

from crm.config import settings
from crm.errors import Invalid
from crm.i18n import _
from crm.models import User
from crm.models.values import storable
from crm.services import records
from crm.services.customers import addresses

LARGEST = 5_000_000  # bytes of an attachment: it is sent in one piece
LONGEST = 100_000  # characters of a body


def subject(text: str) -> str:
    """One line, as a header takes it.

    Raises:
        Invalid: it is empty, too long, or has more lines.
    """
    if len(text.strip().splitlines()) > 1:
        raise Invalid(_("A subject has one line."), field="subject")
    missing = _("A mail needs a subject.")
    return records.text(text, longest=200, missing=missing, field="subject")


def body(text: str) -> str:
    """Plain text, its lines ended alike.

    Raises:
        Invalid: it is empty or too long.
    """
    missing = _("A mail needs a text.")
    lines = "\n".join(text.splitlines())
    return records.text(lines, longest=LONGEST, missing=missing, field="body")


def file(attachment: tuple[str, bytes] | None) -> tuple[str | None, bytes | None]:
    """Name, without folders, and content.

    Raises:
        Invalid: the name is missing or too long, or the file is too large.
    """
    if attachment is None:
        return None, None
    name, content = attachment
    if len(content) > LARGEST:
        words = _("A file in a mail has at most {n} MB.")
        told = words.format(n=LARGEST // 1_000_000)
        raise Invalid(told, field="attachment")
    kept = storable(name.replace("/", "-").replace("\\", "-").replace("\n", " "))
    if not kept or len(kept) > 120:
        raise Invalid(_("The file needs a short name."), field="attachment")
    return kept, content


def reply_to(given: str | None, user: User | None) -> str | None:
    """Where answers go: to whom is named, else to the user who sends.

    Raises:
        Invalid: who is named has no such address.
    """
    if given is not None:
        return addresses.checked(given, field="reply_to")
    try:
        return addresses.checked(user.email, field="reply_to") if user else None
    except Invalid:  # who signs in need not have a mailbox
        return None


def message_id() -> str:
    """A name for one mail, below the sender's domain: nothing of this machine in it."""
    domain = parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"
    return make_msgid(domain=addresses.spoken(f"x@{domain}").rpartition("@")[2])
