"""CSV: the delimiter, and rows in batches of bounded size."""

import codecs
import csv
import io
import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from crm.errors import Invalid
from crm.i18n import _
from crm.services.export_format import csv_in
from crm.services.imports import encodings
from crm.services.imports.csv_rows import dialect, opened
from crm.services.imports.formats import CSV, Chosen, Chunk, FileFormat
from crm.services.imports.tables import chunk_of, legible, unique_names

DELIMITERS = {",": ",", ";": ";", "\t": "TAB", "|": "|"}  # as shown

_SAMPLE = 1024 * 1024
_SAMPLE_ROWS = 20


def sniff(path: Path, chosen: Chosen) -> FileFormat:
    """The format of a CSV file, detected where `chosen` leaves it open.

    Raises:
        Invalid: the encoding is unknown, or there is no row.
    """
    encoding = _known(chosen.encoding or encodings.detect(path))
    with path.open("rb") as file:
        sample = file.read(_SAMPLE).decode(encoding, encodings.KEEP).lstrip("\ufeff")
    told = _told_delimiter(sample)
    skipped = chosen.skip or (1 if told else 0)
    below = sample.split("\n", skipped)[-1]
    form = FileFormat(
        kind=CSV,
        header=(),
        n_bytes=path.stat().st_size,
        encoding=encoding,
        delimiter=chosen.delimiter or told or _best_delimiter(below, chosen.quotechar),
        quotechar=chosen.quotechar,
        has_header=chosen.has_header,
        skipped=skipped,
    )
    return _with_header(path, form)


def parts(path: Path, form: FileFormat, size: int) -> Iterator[Chunk]:
    """The rows of a CSV file, at most `size` at a time.

    Raises:
        Invalid: from some row on the file cannot be read as rows.
    """
    with opened(path, form) as source:
        source.take(form.skipped + form.has_header)
        number = 1
        while (taken := source.take(size))[0]:
            rows, unreadable = taken
            yield chunk_of(rows, form, number, source.bytes_read, unreadable)
            number += len(rows)


def _known(encoding: str) -> str:
    try:
        return "utf-8-sig" if encoding.lower() == "utf-8" else _text_codec(encoding)
    except LookupError as error:
        words = _("The encoding “{name}” is not known.").format(name=encoding)
        raise Invalid(words, field="encoding") from error


def _text_codec(encoding: str) -> str:
    codecs.lookup(encoding)
    "".encode(encoding)  # refuses the codecs that are not for text
    return encoding


def _told_delimiter(sample: str) -> str | None:
    """The delimiter that Excel writes down as “sep=;” in the first line."""
    first = sample[:10].splitlines()[0] if sample else ""
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else None


def _best_delimiter(sample: str, quotechar: str) -> str:
    """The one that cuts most rows into as many cells as the first, and into many."""
    fits = {each: _fit(sample, each, quotechar) for each in DELIMITERS}
    return max(fits, key=lambda each: fits[each])


def _fit(sample: str, delimiter: str, quotechar: str) -> float:
    rows = csv.reader(io.StringIO(sample, newline=""), **dialect(delimiter, quotechar))
    widths: list[int] = []
    with suppress(csv.Error):  # a cell cut off at the end, or not this delimiter
        widths.extend(len(row) for row in islice(rows, 200) if any(row))
    if not widths:
        return 0.0
    same = widths.count(widths[0])
    return same / len(widths) * math.log(widths[0])


def _with_header(path: Path, form: FileFormat) -> FileFormat:
    """`form` with column names, sample rows and notes, from the first rows."""
    with opened(path, form) as source:
        rows, unreadable = source.take(form.skipped + 1 + _SAMPLE_ROWS)
    goes_on = bool(unreadable) or len(rows) > form.skipped + _SAMPLE_ROWS
    while form.skipped < len(rows) and not any(rows[form.skipped]):
        form = replace(form, skipped=form.skipped + 1)
    rows = [[legible(csv_in(cell)) for cell in row] for row in rows[form.skipped :]]
    if not rows:
        raise Invalid(_("The file holds no rows."))
    names, notes = unique_names(rows[0] if form.has_header else [""] * len(rows[0]))
    sample = rows[1:] if form.has_header else rows
    is_empty = not goes_on and not any(map(any, sample))
    if is_empty:
        notes += (_("There is a header, but no row of data."),)
    width = len(names)
    padded = [tuple([*row, *[""] * width][:width]) for row in sample if any(row)]
    return replace(
        form,
        header=names,
        notes=notes if form.has_header else (),
        sample_rows=tuple(padded[:_SAMPLE_ROWS]),
        is_empty=is_empty,
    )
