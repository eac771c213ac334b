"""Files of exchange rates: a rate per row, or a currency per column as from the ECB."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crm.errors import Invalid
from crm.i18n import _
from crm.services.money.exchange_rates import rounded, turned
from crm.services.money.rate_cells import Cell, cells, currency_of, day_of, figure_of
from crm.services.small_files import Fault, number_format

EURO = "EUR"

Quoted = dict[tuple[str, date], Decimal]
Said = dict[tuple[str, date], tuple[Decimal, Cell]]


class Direction(StrEnum):
    """What the figures of a file tell."""

    WORTH = "worth"  # of one unit, in the book currency
    UNITS = "units"  # for one of the book currency
    EURO = "euro"  # units for one euro, from which those of the book currency follow


@dataclass(frozen=True)
class RateFile:
    """What a file holds: rates to the book currency by currency and day."""

    rates: Quoted = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def currencies(self) -> list[str]:
        return sorted({currency for currency, _day in self.rates})


def read(content: bytes, direction: Direction, book: str) -> RateFile:
    """The rates in a file to the currency `book`; of each day the last one counts.

    Raises:
        Invalid: it is too large, not text, or no table of rates.
    """
    found = RateFile()
    said: Said = {}
    held = list(cells(content))
    form = number_format(cell.text for cell in held)
    for cell in held:
        try:
            key = currency_of(cell.currency), day_of(cell.day)
            said[key] = figure_of(cell.text, form), cell
        except Invalid as error:
            found.faults.append(_fault(cell, error))
    for key, (figure, cell) in said.items():
        if key[0] == book:
            continue
        try:
            found.rates[key] = _rate(key, figure, direction, book, said)
        except Invalid as error:
            found.faults.append(_fault(cell, error))
    if direction is Direction.EURO and book != EURO:
        found.rates.update(_euros(book, said))
    return found


def _fault(cell: Cell, error: Invalid) -> Fault:
    return Fault(cell.line, cell.column, cell.text, str(error))


def _rate(
    key: tuple[str, date], figure: Decimal, direction: Direction, book: str, said: Said
) -> Decimal:
    if direction is Direction.WORTH:
        return rounded(figure)
    if direction is Direction.UNITS or book == EURO:
        return turned(figure)
    if (own := said.get((book, key[1]))) is None:
        words = _("The file has no rate of {currency} on this day.")
        raise Invalid(words.format(currency=book))
    return rounded(own[0] / figure)


def _euros(book: str, said: Said) -> Quoted:
    """What the euro itself is worth, which such a file does not name."""
    return {
        (EURO, day): rounded(figure)
        for (currency, day), (figure, _cell) in said.items()
        if currency == book
    }
