"""The cells of a file of exchange rates: one rate per row, or a currency per column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from crm.errors import Invalid
from crm.i18n import _
from crm.models.values import is_usual
from crm.services import small_files
from crm.services.imports.votes import NumberFormat
from crm.services.prices.pricing import is_currency

DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%d %B %Y")
NAMES = {
    "day": {"date", "day", "rate_on", "time_period", "datum", "日期"},
    "currency": {"currency", "code", "währung", "devise", "货币", "币种"},
    "rate": {"rate", "value", "obs_value", "kurs", "汇率"},
}
SMALLEST, MOST = Decimal("1e-12"), Decimal("1e12")
NOTHING = {"", "n/a", "na", "-", "–"}


@dataclass(frozen=True)
class Cell:
    """A figure with its currency and day, all as they stand in the file."""

    line: int
    column: str
    text: str
    currency: str
    day: str


def cells(content: bytes) -> Iterator[Cell]:
    """The cells that hold rates; those that say that there is none are passed over.

    Raises:
        Invalid: the file is too large, not text, or its header names no rates.
    """
    rows = small_files.rows(content)
    header = rows[0] if rows else []
    place = small_files.places(header, NAMES)
    day, currency, rate = place["day"], place["currency"], place["rate"]
    wide = [at for at, name in enumerate(header) if _is_code(name) and at != day]
    if day is None or ((currency is None or rate is None) and not wide):
        raise Invalid(
            _("The first line names date, currency and rate; or date and currencies.")
        )
    for line, row in enumerate(rows[1:], 2):
        filled = [*row, *[""] * len(header)]
        if currency is not None and rate is not None:
            if any(filled):
                text, code = filled[rate], filled[currency]
                yield Cell(line, header[rate], text, code, filled[day])
            continue
        for at in wide:
            if filled[at].casefold() not in NOTHING:
                yield Cell(line, header[at], filled[at], header[at], filled[day])


def _is_code(name: str) -> bool:
    return len(name) == 3 and name.isascii() and name.isalpha() and name.isupper()


def currency_of(text: str) -> str:
    """An ISO 4217 code.

    Raises:
        Invalid: it is none.
    """
    if not is_currency(text.upper()):
        raise Invalid(_("“{cell}” is not a currency.").format(cell=text[:40]))
    return text.upper()


@lru_cache(maxsize=20_000)
def day_of(text: str) -> date:
    """A day in one of the ways of `DAYS`.

    Raises:
        Invalid: it is none, or far off.
    """
    for form in DAYS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        if is_usual(day):
            return day
    raise Invalid(_("“{cell}” is not a date.").format(cell=text[:40]))


def figure_of(text: str, form: NumberFormat | None) -> Decimal:
    """A number that can be a rate, either way round, as in `small_files.figure`.

    Raises:
        Invalid: it is none.
    """
    figure = small_files.figure(text, form)
    if not SMALLEST <= figure <= MOST:
        raise Invalid(_("A rate is above 0, and not that large."))
    return figure
