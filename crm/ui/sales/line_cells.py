"""Cells of a table of lines: what a browser sends, and what it is shown.

Only cells that can be written into count, and their values are checked by a service.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Line = dict[str, Any]

PERCENT = ("discount", "tax_rate")
NUMBERS = ("quantity", "unit_price", *PERCENT)
WRITABLE = (*NUMBERS, "description")
DIGITS = 40


def applied(base: Sequence[Line], edited: Any) -> list[Line]:
    """`base` with the cells in `edited`, as a browser has sent them: by line, by name.

    Lines and cells that there are not are left out; values are checked by a service.
    """
    lines = [dict(line) for line in base]
    for place, cells in edited.items() if isinstance(edited, Mapping) else ():
        if (at := _place(place, len(lines))) is None or not isinstance(cells, Mapping):
            continue
        for name in WRITABLE:
            if name in cells:
                lines[at][name] = _value(name, cells[name])
    return lines


def removed(base: Sequence[Line], edited: Any) -> list[int]:
    """The places of the lines whose box for removal is ticked in `edited`."""
    ticked = edited.items() if isinstance(edited, Mapping) else ()
    places = [
        _place(place, len(base))
        for place, cells in ticked
        if isinstance(cells, Mapping) and cells.get("remove") is True
    ]
    return sorted(place for place in places if place is not None)


def shown(name: str, value: Any) -> float | None:
    """What a line has, as its cell shows it; what is no number is not shown."""
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(number * 100 if name in PERCENT else number)


def _place(given: Any, count: int) -> int | None:
    text = str(given)
    is_place = text.isascii() and text.isdecimal() and len(text) < 6
    return int(text) if is_place and int(text) < count else None


def _value(name: str, value: Any) -> str | None:
    """What a cell holds, as a line has it: numbers as text, percent as shares."""
    if name not in NUMBERS:
        return None if value is None else str(value) or None
    if value is None:
        return "0" if name == "discount" else None
    text = repr(value) if isinstance(value, float) else str(value)
    if name not in PERCENT:
        return text[:DIGITS]
    try:
        return f"{Decimal(text[:DIGITS]) / 100:f}"[:DIGITS]
    except InvalidOperation:
        return text[:DIGITS]
