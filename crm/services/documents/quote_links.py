"""The public address of a quote: a token that says which one, and cannot be guessed.

Nothing is stored: the token is the quote's id, signed with the installation's key
over its id and the moment it was made.
"""

import base64
import hashlib
import hmac
from datetime import UTC

from sqlmodel import Session

from crm.config import secret_key, settings
from crm.errors import NotFound
from crm.models import Quote, QuoteStatus
from crm.services.documents.quotes_records import quote as find

SIGNED = 20  # bytes of a signature that are kept: 160 bits
LONGEST = 60


def token(quote: Quote) -> str:
    """The token of one version of a quote, of letters, digits, “-” and “_”."""
    made = quote.created_at.astimezone(UTC).isoformat(timespec="microseconds")
    message = f"offer:{quote.id}:{made}".encode()
    digest = hmac.new(secret_key(), message, hashlib.sha256).digest()[:SIGNED]
    signature = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"{quote.id}-{signature}"


def read(session: Session, token_: str) -> Quote:
    """The quote behind a token, with its lines and its customer.

    Raises:
        NotFound: no quote has this token, or it was never sent.
    """
    number = token_.partition("-")[0]
    if len(token_) > LONGEST or not (number.isascii() and number.isdecimal()):
        raise NotFound(Quote, "")
    quote = find(session, int(number))
    is_known = hmac.compare_digest(token(quote).encode(), token_.encode())
    if not is_known or quote.status is QuoteStatus.DRAFT:
        raise NotFound(Quote, number)
    return quote


def url(quote: Quote) -> str:
    """Where the customer reads and answers this version of a quote."""
    return f"{settings().base_url.rstrip('/')}/offer/{token(quote)}"
