"""A column of a file → the values of a field: the one door to all readers of cells."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import pyarrow as pa

from crm.services.imports import moments, numerals, places, texts
from crm.services.imports.parsed import Parsed
from crm.services.imports.targets import Field, Kind
from crm.services.imports.votes import (
    DateOrder,
    DateVotes,
    NumberFormat,
    NumberVotes,
    date_votes,
    number_votes,
)

NUMBERS = frozenset({Kind.AMOUNT, Kind.WHOLE, Kind.PERCENT})
UTC = ZoneInfo("UTC")
DATES = frozenset({Kind.DAY, Kind.MOMENT})


@dataclass(frozen=True)
class Options:
    """How the cells of one column are to be read, where that can be doubted.

    `zone` is that of times without one; `country` (ISO code) that of phone numbers
    without +.
    """

    numbers: NumberFormat = NumberFormat.POINT
    dates: DateOrder = DateOrder.DAY_FIRST
    zone: ZoneInfo = UTC
    country: str | None = None


def parse(cells: pa.Array, field: Field, options: Options | None = None) -> Parsed:
    """Read a column of a chunk as `field`.

    Returns:
        Values by `field.kind`, null where blank or bad: TEXT, LONG_TEXT, CHOICE,
        EMAIL, PHONE, LINK, COUNTRY, CURRENCY, LANGUAGE string; AMOUNT, PERCENT int64
        of ten-thousandths; WHOLE int64; DAY date32; MOMENT timestamp[us, UTC];
        YES_NO bool; TAGS, CHOICES list<string>. A blank cell of a required field is
        bad.
    """
    parsed = _READERS[field.kind](cells, field, options or Options())
    return texts.required(parsed) if field.required else parsed


def votes(
    cells: pa.Array, field: Field, *, typed: bool = False
) -> NumberVotes | DateVotes | None:
    """What a column says about its own format; None for kinds that have only one.

    Add up over the chunks of a file; `.format` or `.order` is the answer, `.doubt`
    what the user should be asked. `typed`: from a workbook, whose numbers arrive with
    a decimal point; then 1.234 leaves no doubt.
    """
    if field.kind in NUMBERS:
        found = number_votes(cells)
        return replace(found, either=0) if typed else found
    return date_votes(cells) if field.kind in DATES else None


_READERS: dict[Kind, Callable[[pa.Array, Field, Options], Parsed]] = {
    Kind.TEXT: lambda cells, field, _o: texts.text(cells, field.max_length),
    Kind.LONG_TEXT: lambda cells, field, _o: texts.text(
        cells, field.max_length, lines=True
    ),
    Kind.AMOUNT: lambda cells, _f, o: numerals.amount(cells, o.numbers),
    Kind.WHOLE: lambda cells, _f, o: numerals.whole(cells, o.numbers),
    Kind.PERCENT: lambda cells, _f, o: numerals.percent(cells, o.numbers),
    Kind.DAY: lambda cells, _f, o: moments.day(cells, o.dates),
    Kind.MOMENT: lambda cells, _f, o: moments.moment(cells, o.dates, o.zone),
    Kind.YES_NO: lambda cells, _f, _o: texts.yes_no(cells),
    Kind.CHOICE: lambda cells, field, _o: texts.choice(cells, field.choices),
    Kind.CHOICES: lambda cells, field, _o: texts.choices(cells, field.choices),
    Kind.EMAIL: lambda cells, _f, _o: texts.email(cells),
    Kind.PHONE: lambda cells, _f, o: places.phone(cells, o.country),
    Kind.LINK: lambda cells, field, _o: texts.link(cells, field.max_length or 200),
    Kind.COUNTRY: lambda cells, _f, _o: places.country(cells),
    Kind.CURRENCY: lambda cells, _f, _o: places.currency(cells),
    Kind.LANGUAGE: lambda cells, _f, _o: places.language(cells),
    Kind.TAGS: lambda cells, field, _o: texts.tags(cells, field.max_length or 60),
}
