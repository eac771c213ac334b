"""A file → its format → its rows, as columns of text."""

from collections.abc import Iterator
from pathlib import Path

from crm.services.imports import delimited, workbooks
from crm.services.imports.formats import XLSX, Chosen, Chunk, FileFormat
from crm.services.imports.kinds import MAX_BYTES, kind_of
from crm.services.imports.tables import batch_rows, is_full, joined

CHUNK_ROWS = 20_000


def sniff(
    path: Path | str, chosen: Chosen | None = None, *, max_bytes: int = MAX_BYTES
) -> FileFormat:
    """What the file is and how to read it: `chosen` where it says so, else detected.

    Raises:
        Invalid: no table, too large, empty, damaged; in words.
    """
    path, chosen = Path(path), chosen or Chosen()
    if kind_of(path, max_bytes=max_bytes) == XLSX:
        return workbooks.sniff(path, chosen)
    return delimited.sniff(path, chosen)


def chunks(
    path: Path | str, form: FileFormat, size: int = CHUNK_ROWS
) -> Iterator[Chunk]:
    """The rows of the file in order, each exactly once, about `size` at a time.

    A chunk is smaller where rows are large, so that memory stays flat. (The sheet of
    a workbook is held by another process, about 100 MB for a million cells.)

    Raises:
        Invalid: from some row on, the file cannot be read.
    """
    source = workbooks.parts if form.kind == XLSX else delimited.parts
    few = min(size, batch_rows(form))
    gathered: list[Chunk] = []
    for part in source(Path(path), form, few):
        gathered.append(part)
        if is_full(gathered, size):
            yield joined(gathered)
            gathered = []
    if gathered:
        yield joined(gathered)
