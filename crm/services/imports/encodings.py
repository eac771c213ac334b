"""Which encoding a text file is in, and reading it without losing a byte."""

import codecs
import re
from pathlib import Path

from crm.services.imports.kinds import is_wide

ENCODINGS = {  # what may be chosen, as Python calls it and as people do
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB18030 (GBK, GB2312)",
    "cp1252": "Windows-1252 (Latin 1)",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "big5": "Big5",
    "shift_jis": "Shift JIS",
    "euc_kr": "EUC-KR",
}
KEEP = "clientele.keep"
"""Error handler for decoding: a byte that does not fit becomes U+DC00 + byte."""

_BLOCK = 1024 * 1024
_EVIDENCE = 8  # blocks with other than ASCII text are enough to tell
_REPLACED = "\ufffd"
_PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_USUAL = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")


def _keep(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in odd), error.end


codecs.register_error(KEEP, _keep)


def detect(path: Path) -> str:
    """The most plausible key of `ENCODINGS` for a text file.

    The whole file is looked through, until enough of it is not ASCII. UTF-8 with a
    few broken bytes is UTF-8, so that those are told instead of all other letters
    being misread. GB18030 would take most Western text as well; so its two-byte
    characters must mostly be usual ones (GB 2312, level 1 and punctuation).
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if is_wide(head):
        return _wide(head)
    evidence = _not_ascii(path)
    if _misfit(evidence, "utf-8") <= 0.1:
        return "utf-8-sig"
    pairs = _PAIRS.findall(evidence)
    usual = sum(1 for pair in pairs if _USUAL.fullmatch(pair))
    return "gb18030" if usual > 0.6 * len(pairs) else "cp1252"


def _wide(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _not_ascii(path: Path) -> bytes:
    """The first blocks of whole lines that hold more than ASCII."""
    found: list[bytes] = []
    with path.open("rb") as file:
        while len(found) < _EVIDENCE and (block := file.read(_BLOCK)):
            block += file.readline(_BLOCK)
            if not block.isascii():
                found.append(block)
    return b"".join(found)


def _misfit(evidence: bytes, encoding: str) -> float:
    """The share of other than ASCII characters that do not decode, 0 to 1."""
    text = evidence.decode(encoding, "replace")
    others = len(text) - len(text.encode("ascii", "ignore"))
    written = evidence.count(_REPLACED.encode())
    return max(0, text.count(_REPLACED) - written) / others if others else 0.0


def broken(text: str) -> int | None:
    """The place of the first byte in `text` that `KEEP` kept, None if there is none."""
    found = re.search("[\udc00-\udcff]", text)
    return found.start() if found else None
