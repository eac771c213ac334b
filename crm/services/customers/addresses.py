"""E-mail addresses that mail is sent to: one, and nothing else beside it."""

import re
from collections.abc import Iterable
from typing import Any

from crm.errors import Invalid
from crm.i18n import _

LONGEST = 254
_NAME = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # of a mailbox; few servers take others
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
ADDRESS = re.compile(rf"{_NAME}(?:\.{_NAME})*@{_LABEL}(?:\.{_LABEL})+")
_ANY_NAME = r"[\w!#$%&'*+/=?^`{|}~-]+"  # in any letters, as SMTPUTF8 has them
KNOWN = re.compile(rf"{_ANY_NAME}(?:\.{_ANY_NAME})*@{_LABEL}(?:\.{_LABEL})+")


def checked(text: str, *, field: str, by: re.Pattern[str] = ADDRESS) -> str:
    """The one address that `text` is, without the space around it.

    By `ADDRESS` it is one that mail can be sent to, by `KNOWN` one that somebody has.

    Raises:
        Invalid: it is none, or more than one, or holds what cannot be seen.
    """
    address = text.strip()
    is_one = address.isprintable() and by.fullmatch(address)
    if not is_one or len(address) > LONGEST:
        words = _("“{address}” is not an e-mail address.")
        raise Invalid(words.format(address=_shown(address)), field=field)
    return address


def check(source: Any, names: Iterable[str] = ("email",)) -> None:
    """Make sure that the e-mail of `source`, where `names` has it, is an address.

    Raises:
        Invalid: it is none.
    """
    if "email" in names and source.email is not None:
        checked(source.email, field="email", by=KNOWN)


def spoken(address: str) -> str:
    """`address` as mail servers know it: a domain in other letters, in ASCII.

    Raises:
        Invalid: there can be no such domain.
    """
    name, _at, domain = address.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        words = _("“{address}” is not an e-mail address.")
        raise Invalid(words.format(address=_shown(address))) from error


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)[:80]
