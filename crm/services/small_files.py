"""Small tables of figures as CSV text: read at once, faulty cells told."""

import csv
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO

from crm.errors import Invalid
from crm.i18n import _
from crm.services.export_format import csv_in, csv_out
from crm.services.imports.votes import NumberFormat

LARGEST = 20_000_000  # bytes
DELIMITERS = ",;\t|"
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
_CERTAIN = {  # decimals that are no group of thousands, or groups that are no decimals
    form: re.compile(
        rf"[-+]?(?:\d*{p}(?:\d{{1,2}}|\d{{4,}})|(?:\d{{4,}}|0?){p}\d+|"
        rf"\d{{1,3}}(?:{g}\d{{3}})+{p}\d+|\d{{1,3}}(?:{g}\d{{3}}){{2,}})"
    )
    for form in NumberFormat
    for p, g in [(re.escape(form.point), re.escape(form.group))]
}


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


def number_format(cells: Iterable[str]) -> NumberFormat | None:
    """How the numbers in a file are written, by those that can be read in one way
    only; None where there are none, or of both kinds.
    """
    forms = {form for form in map(_certain, cells) if form is not None}
    return forms.pop() if len(forms) == 1 else None


def figure(text: str, form: NumberFormat | None = None) -> Decimal:
    """A finite number, written as in `form` unless it can be read in one way only.

    Without a form a point starts the decimals.

    Raises:
        Invalid: it is none, or a comma in it may do the one as well as the other.
    """
    form = _certain(text) or form
    if form is None and "," in text:
        _refuse_unclear(text)
    try:
        found = Decimal(_with_point(text, form or NumberFormat.POINT))
    except InvalidOperation as error:
        raise Invalid(_("“{cell}” is not a number.").format(cell=text[:40])) from error
    if not found.is_finite():
        raise Invalid(_("“{cell}” is not a number.").format(cell=text[:40]))
    return found


def amount(text: str, form: NumberFormat | None = None) -> Decimal:
    """Money or a quantity: a `figure` that may be in the thousands, so that without a
    form 1.234 does not say which it is either.

    Raises:
        Invalid: it is no number, or may be read in two ways.
    """
    if form is None:
        _refuse_unclear(text)
    return figure(text, form)


def _refuse_unclear(text: str) -> None:
    if not _EITHER.fullmatch(text):
        return
    words = _("“{cell}” can be read in two ways: write it as {one} or as {other}.")
    whole, _sign, part = text.replace(",", ".").partition(".")
    one, other = f"{whole}{part}", f"{whole}.{part}0"
    raise Invalid(words.format(cell=text, one=one, other=other))


def _certain(text: str) -> NumberFormat | None:
    """The one way in which `text` can be read, where there is only one."""
    return next((f for f, only in _CERTAIN.items() if only.fullmatch(text)), None)


def _with_point(text: str, form: NumberFormat) -> str:
    """`text` as `Decimal` reads it; groups go where they are groups of three."""
    whole, point, part = text.partition(form.point)
    if re.fullmatch(rf"[-+]?\d{{1,3}}(?:{re.escape(form.group)}\d{{3}})+", whole):
        whole = whole.replace(form.group, "")
    return f"{whole}.{part}" if point else whole
