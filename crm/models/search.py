"""The folded text by which records are found and sorted."""

import re
from functools import cache, lru_cache
from typing import Any

from crm.models.values import folded

LIMIT = 600
_HAN = re.compile(r"[\u3400-\u9fff]")
_PHONE = re.compile(r"[+\d\s()./-]{5,40}")
_NO_DIGIT = re.compile(r"\D")


def search_key(*parts: str | None) -> str | None:
    """What a search box looks in: the parts folded, digits of phones, pinyin.

    The first line is the first part alone: sorting by the key sorts by name, and a
    filter can look at the name only. At most 600 characters; None when there is
    nothing.
    """
    words = [folded(part) for part in parts if part]
    digits = [d for d in map(_digits, parts) if d]
    latin = [_pinyin(part) for part in parts if part and _HAN.search(part)]
    found = dict.fromkeys([*words, *digits, *latin])
    if not any(found):
        return None
    first, *others = found
    return f"{first}\n{' '.join(others)}"[:LIMIT]


def _digits(part: str | None) -> str:
    """The digits of what looks like a phone number, else ''."""
    if not part or not _PHONE.fullmatch(part):
        return ""
    return _NO_DIGIT.sub("", part)


@lru_cache(10_000)  # many a customer is in the same city
def _pinyin(part: str) -> str:
    """Full pinyin and its initials: 张三 is found by “zhangsan” and “zs”."""
    lazy_pinyin, initial = _pypinyin()
    full = "".join(lazy_pinyin(part, errors="ignore"))
    short = "".join(lazy_pinyin(part, style=initial, errors="ignore"))
    return f"{full} {short}"


@cache
def _pypinyin() -> tuple[Any, Any]:
    """Loaded on the first Chinese name: its dictionaries take time and memory."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin, Style.FIRST_LETTER
