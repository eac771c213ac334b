"""Passwords: what is allowed, how one is kept, how one is checked.

Argon2id with the parameters that OWASP's Password Storage Cheat Sheet gives as its
minimum: 19 MiB of memory, two passes, one lane.
"""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from crm.errors import Invalid
from crm.i18n import _
from crm.models import folded

MIN_LENGTH = 10
MAX_LENGTH = 1024  # longer input costs time and adds no safety
HASHER = PasswordHasher(
    time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
)


def hashed(password: str) -> str:
    """What is stored in place of `password`."""
    return HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`.

    Takes the same time when nothing is stored, so that the time does not tell
    whether there is such a user.
    """
    if len(password) > MAX_LENGTH:
        stored, password = None, ""
    try:
        HASHER.verify(stored or _nobodys(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_weak(stored: str) -> bool:
    """Whether `stored` was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def check(password: str, *, email: str, name: str) -> None:
    """Refuse a password that is easy to guess for the user of `email` and `name`.

    Raises:
        Invalid: what is wrong with it, in words.
    """
    if reason := _objection(password, email, name):
        raise Invalid(reason, field="password")


def _objection(password: str, email: str, name: str) -> str | None:
    if len(_normal(password)) < MIN_LENGTH:
        return _("The password needs at least {count} characters.").format(
            count=MIN_LENGTH
        )
    if len(password) > MAX_LENGTH:
        return _("The password may have at most {count} characters.").format(
            count=MAX_LENGTH
        )
    plain = _bare(password)
    own = {_bare(email), _bare(email.partition("@")[0]), _bare(name)}
    if plain in own or _stem(password) in own - {""}:
        return _("The password must not be the e-mail address or the name.")
    if len(set(password)) < 5 or plain in _common() or _stem(password) in _common():
        return _("This password is among the first that anyone would guess.")
    return None


def _normal(password: str) -> str:
    """`password` as every keyboard and system types it; see RFC 8265."""
    text = unicodedata.normalize("NFKC", password)
    return text.encode("utf-8", "replace").decode()


def _bare(text: str) -> str:
    """Letters and digits only, without case or accents."""
    return "".join(c for c in folded(text) if c.isalnum())


def _stem(text: str) -> str:
    """`text` without the digits and signs that people put around a word."""
    word = folded(text).strip("0123456789!?.,#*+-_ ")
    return _bare(word.translate(str.maketrans("@$013457", "asoieast")))


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(lines.split())


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")
