"""What kind of file this is, by its first bytes; what is no table is refused."""

import re
import zipfile
from pathlib import Path

from crm.errors import Invalid
from crm.i18n import N_, _
from crm.services.imports.formats import CSV, XLSX

MAX_BYTES = 2 * 1024**3  # what `CRM_MAX_UPLOAD_MB` allows unless set

_SIGNATURES = (
    (b"%PDF-", N_("a PDF document")),
    (b"\x89PNG\r\n", N_("an image")),
    (b"\xff\xd8\xff", N_("an image")),
    (b"GIF8", N_("an image")),
    (b"{\\rtf", N_("a text document (RTF)")),
    (b"SQLite format 3\x00", N_("a database")),
    (b"PAR1", N_("a Parquet file")),
    (b"\x1f\x8b", N_("a compressed file; unpack it first")),
    (b"7z\xbc\xaf", N_("a compressed file; unpack it first")),
    (b"Rar!", N_("a compressed file; unpack it first")),
    (
        b"\xd0\xcf\x11\xe0",
        N_("an old Excel workbook (.xls) or one with a password; save it as .xlsx"),
    ),
)
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|table|\?xml|svg)")
_JSON = re.compile(rb'(\xef\xbb\xbf)?\s*(\{\s*"|\[\s*\{)')
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 64 * 1024


def kind_of(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """`CSV` or `XLSX`.

    Raises:
        Invalid: the file is empty, too large, or something else; in words.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise Invalid(_("The file is empty."))
    if size > max_bytes:
        raise Invalid(
            _(
                "The file has {size} MB; at most {limit} MB are read. Split it, or ask "
                "the administrator to raise the limit."
            ).format(size=_megabytes(size), limit=_megabytes(max_bytes))
        )
    if head.startswith(b"PK"):
        return _workbook(path)
    _refuse_others(head)
    return CSV


def is_wide(head: bytes) -> bool:
    """Whether text that starts with `head` takes two bytes per character (UTF-16)."""
    if head.startswith(_WIDE_MARKS):
        return True
    halves = head[0::2].count(0), head[1::2].count(0)
    return max(halves) > len(head) * 0.3 and min(halves) < len(head) * 0.05


def _refuse_others(head: bytes) -> None:
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            raise _no_table(_(words))
    start = head[:1024].lower()
    if _MARKUP.match(start):
        raise _no_table(_("a web page or XML"))
    if _JSON.match(start):
        raise _no_table(_("JSON"))
    controls = 0 if is_wide(head) else len(_CONTROL.findall(head))
    if controls > max(8, len(head) * 0.05):
        raise _no_table(_("a file of binary data"))


def _workbook(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Invalid(
            _("The file is damaged: it cannot be opened as a workbook.")
        ) from error
    if "xl/workbook.xml" in names:
        return XLSX
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        raise _no_table(_("another kind of workbook; save it as .xlsx"))
    raise _no_table(_("a ZIP archive; unpack it first"))


def _no_table(words: str) -> Invalid:
    return Invalid(
        _("This is neither CSV nor XLSX but {kind}.").format(kind=words), field="file"
    )


def _megabytes(size: int) -> str:
    return f"{-(-size // 1024**2):,}"
