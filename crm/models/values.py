"""Values as every database stores them alike: amounts, texts, dates, plain data."""

import math
import unicodedata
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

YEARS = (1900, 2999)
"""Of all dates that people enter: every database and every spreadsheet holds them,
and a term of a hundred years can be added.
"""
LARGEST = Decimal("922337203685477.5807")
"""An amount of 64 bits, scaled by 10,000."""


def exact(value: Decimal | int | str) -> Decimal:
    """`value` as an amount that every database stores exactly.

    Raises:
        TypeError: a float.
        ValueError: not finite, more than four places, or out of range.
    """
    if isinstance(value, float):
        raise TypeError("An amount is never a float.")
    try:
        amount = Decimal(value)
        rounded = amount.quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN)
    except InvalidOperation as error:
        raise ValueError("This is not an amount.") from error
    if not rounded.is_finite() or abs(rounded) > LARGEST:
        raise ValueError("The amount is out of range.")
    if rounded != amount:
        raise ValueError("The amount has more than four decimal places.")
    return rounded


def check_plain(value: Any) -> None:
    """Make sure that every database can store `value` as JSON.

    Raises:
        ValueError: a number that is not finite, or text that `clean` refuses.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            check_plain(key)
            check_plain(item)
    elif isinstance(value, list | tuple):
        for item in value:
            check_plain(item)
    elif isinstance(value, str):
        clean(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("A number is not finite.")


def clean(text: str) -> str:
    """`text` in NFC, as every database can store it.

    Raises:
        ValueError: it holds a NUL or half of a surrogate pair.
    """
    if "\x00" in text:
        raise ValueError("Text holds a NUL character.")
    if text.isascii():  # it is in every normal form
        return text
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("Text holds half a character.") from error
    return unicodedata.normalize("NFC", text)


def is_usual(day: date) -> bool:
    """Whether the year of `day` is one of `YEARS`."""
    return YEARS[0] <= day.year <= YEARS[1]


def usual_year(day: date | None) -> date | None:
    """`day`, where every database and every spreadsheet holds it.

    Raises:
        ValueError: its year is out of range.
    """
    if day is not None and not is_usual(day):
        raise ValueError("The year is out of range.")
    return day


def folded(*parts: str | None) -> str:
    """`parts` joined for search and comparison: no case, no accents, one space.

    The same on every database, whose own `lower` differ.
    """
    joined = " ".join(filter(None, parts))
    if joined.isascii():  # it is in every normal form, and has no accents
        return " ".join(joined.lower().split())
    decomposed = unicodedata.normalize("NFKD", joined).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def storable(value: Any) -> Any:
    """`value`; text as every database stores it, without control characters.

    Raises:
        ValueError: the text holds a NUL or half a character.
    """
    if not isinstance(value, str):
        return value
    kept = "".join(c for c in clean(value) if c in "\n\t" or (c >= " " and c != "\x7f"))
    return kept.strip() or None
