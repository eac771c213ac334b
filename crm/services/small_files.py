"""Small tables of figures as CSV text: read at once, faulty cells told."""

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO

from crm.errors import Invalid
from crm.i18n import _
from crm.services.export_format import csv_in, csv_out

LARGEST = 20_000_000  # bytes
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Fault:
    """A cell that is left out, in which line of the file, and why."""

    line: int
    column: str
    cell: str
    reason: str


def rows(content: bytes) -> list[list[str]]:
    """The rows of a CSV file in UTF-8, cells without white space around them.

    Raises:
        Invalid: it is too large, not text, or no table.
    """
    if len(content) > LARGEST:
        words = _("The file is larger than {n} MB.")
        raise Invalid(words.format(n=LARGEST // 1_000_000))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_("The file is not text in UTF-8.")) from error
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        table = list(csv.reader(StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_("The file is no table.")) from error
    return [[csv_in(cell).strip() for cell in row] for row in table]


def written(header: Sequence[str], table: Sequence[Sequence[object]]) -> bytes:
    """A table as a CSV file that spreadsheets open, and `rows` reads."""
    into = StringIO(newline="")
    writer = csv.writer(into, quoting=csv.QUOTE_ALL)
    writer.writerows([[csv_out(cell) for cell in row] for row in (header, *table)])
    return into.getvalue().encode("utf-8-sig")


def places(
    header: Sequence[str], names: Mapping[str, Collection[str]]
) -> dict[str, int | None]:
    """Where each of `names` stands in a header, by any of its spellings."""
    said = [name.casefold() for name in header]
    return {
        what: next((at for at, name in enumerate(said) if name in known), None)
        for what, known in names.items()
    }


def figure(text: str) -> Decimal:
    """A finite number with a point, or with a comma and no point.

    Raises:
        Invalid: it is none.
    """
    plain = text.replace(",", ".") if "." not in text else text
    try:
        found = Decimal(plain)
    except InvalidOperation as error:
        raise Invalid(_("“{cell}” is not a number.").format(cell=text[:40])) from error
    if not found.is_finite():
        raise Invalid(_("“{cell}” is not a number.").format(cell=text[:40]))
    return found
