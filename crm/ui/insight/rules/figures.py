"""Shares and ratios as the page writes them."""

from math import floor, log10

from babel.numbers import format_percent

from crm.i18n import current
from crm.ui.format import number


def share(value: float) -> str:
    """A share of 0 to 1 as a percentage of two digits, or three from 100% on."""
    places = 1 - floor(log10(value * 100)) if 0 < value < 0.1 else 0
    pattern = "0" + ("." + "#" * places if places else "") + "%"
    return str(format_percent(value, format=pattern, locale=current()))


def of_hundred(value: float) -> str:
    """A share as so many of 100."""
    return number(value * 100, places=0 if value >= 0.1 else 1)


def shortened(name: str, longest: int) -> str:
    """A name of at most so many letters."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def ratio(value: float) -> str:
    """A lift: two digits after the point where it is small."""
    return number(value, places=2 if value < 10 else 0)
