"""Papers as PDF, set by Typst.

What users typed reaches Typst as JSON, never as its markup. The PDF is PDF/A-3a and
PDF/UA-1 at once: made to be kept, and to be read aloud by screen readers. Typst writes
neither when a character has no glyph, and so no paper leaves with empty boxes.
"""

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

import typst

from crm.errors import Invalid
from crm.i18n import _
from crm.services.documents.papers.paper import Paper
from crm.services.documents.papers.wording import worded

TEMPLATE = Path(__file__).with_name("paper.typ")
UNPRINTABLE = re.compile(r'PDF/.*?`"((?:[^"\\]|\\.)+)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
FIRST_FONTS = ["Noto Sans", "Noto Sans CJK SC"]


def pdf(paper: Paper) -> bytes:
    """The paper on A4; the same bytes for the same paper.

    The fonts of the machine are asked only for what ours lack.

    Raises:
        Invalid: a text holds a character that cannot be printed.
    """
    sheet = worded(paper) | {"fonts": _families()}
    data = json.dumps(sheet, ensure_ascii=False).replace("\ufeff", "")
    for with_machines in (False, True):
        try:
            return _compiled(data, _fonts(with_machines))
        except typst.TypstError as error:
            if (culprit := _unprintable(error.message)) is None:
                raise
    words = _("{character} cannot be printed. Take it out of the text and try again.")
    raise Invalid(words.format(character=culprit))


def _compiled(data: str, fonts: typst.Fonts) -> bytes:
    compiler = typst.Compiler(TEMPLATE, font_paths=fonts, sys_inputs={"paper": data})
    document = compiler.compile(format="pdf", pdf_standards=["a-3a", "ua-1"])
    return cast(bytes, document)


@cache
def _fonts(with_machines: bool) -> typst.Fonts:
    """Noto for all scripts we know of; with the fonts of the machine on request."""
    packages = ("manimgx_fonts", "manimgx_fonts_cjk")
    return typst.Fonts(
        include_system_fonts=with_machines,
        font_paths=[str(files(package)) for package in packages],
    )


@cache
def _families() -> list[str]:
    """The fonts to take a character from, the preferred first."""
    found = {name for name in _fonts(False).families() if name.startswith("Noto ")}
    return FIRST_FONTS + sorted(found - set(FIRST_FONTS))


def _unprintable(message: str) -> str | None:
    """The character that Typst complains of, as “𓀀” (U+13000), if it is of one."""
    if (found := UNPRINTABLE.match(message)) is None:
        return None
    text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])
    codes = " ".join(f"U+{ord(character):04X}" for character in text)
    return f"“{text}” ({codes})" if text.isprintable() else codes
