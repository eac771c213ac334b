"""Numbers as people write them → exact integers; no float is ever in between."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.services.imports.parsed import (
    Parsed,
    Reason,
    by_distinct,
    fine,
    one_array,
    trimmed,
)
from crm.services.imports.votes import NumberFormat

SCALE = 10_000
_LIMIT = 2**63 - 1
_DECIMAL = pa.decimal128(19, 4)
_LONGEST = 30  # Arrow casts 1.000… of more than 38 digits to 0, and says nothing
_SIGNS = "€$£¥₹₩₽₺฿₫₪₴₦元"


def amount(cells: pa.Array, form: NumberFormat = NumberFormat.POINT) -> Parsed:
    """Money or quantities, as int64 of ten-thousandths.

    Takes a sign before or after, parentheses for minus, currency signs and codes,
    groups of thousands, and 1.5E+05 as spreadsheets write it.
    """
    cells = trimmed(one_array(cells))
    facts = {"example": form.value}
    with suppress(pa.ArrowInvalid, OverflowError):
        return fine(_exact(_with_point(cells, form)), facts)
    usual = pc.match_substring_regex(cells, _usual(form))
    bare = pc.replace_substring_regex(
        pc.if_else(usual, cells, ""), f"[{form.group} {_SIGNS}]", ""
    )
    values = _exact(pc.replace_substring(bare, form.point, "."))
    rest = pc.if_else(usual, "", cells)
    others = by_distinct(rest, _reader(form), pa.int64(), facts)
    return Parsed(pc.coalesce(values, others.values), others.reasons, facts)


def whole(cells: pa.Array, form: NumberFormat = NumberFormat.POINT) -> Parsed:
    """Whole numbers as int64, of up to 14 digits; 6.0 is one, 6.5 is not."""
    return _divided(amount(cells, form), SCALE, Reason.NOT_WHOLE)


def percent(cells: pa.Array, form: NumberFormat = NumberFormat.POINT) -> Parsed:
    """A share from 10, 10% or 10 %, as int64 of ten-thousandths: 10 % is 1000."""
    bare = pc.utf8_rtrim(trimmed(one_array(cells)), "% ")
    return _divided(amount(bare, form), 100, Reason.TOO_MANY_PLACES)


def _divided(parsed: Parsed, divisor: int, otherwise: Reason) -> Parsed:
    """The values divided; those that leave a rest are bad."""
    numbers = parsed.values.fill_null(0).to_numpy()
    rest = numbers % divisor != 0
    empty = parsed.values.is_null().to_numpy(zero_copy_only=False)
    values = pa.array(numbers // divisor, pa.int64(), mask=rest | empty)
    reasons = np.where(rest, np.int8(otherwise), parsed.reasons)
    return Parsed(values, reasons, parsed.facts)


def _with_point(cells: pa.Array, form: NumberFormat) -> pa.Array:
    """Bare decimals with a point; others stay, or become, what is no number."""
    if form is NumberFormat.POINT:
        return cells
    return pc.replace_substring(pc.replace_substring(cells, ".", "?"), ",", ".")


def _exact(cells: pa.Array) -> pa.Array:
    """Bare decimals as scaled integers; blank cells are null.

    Raises:
        pa.ArrowInvalid: some cell is no bare number of at most four places.
        OverflowError: some number is too large, or written too long.
    """
    if not len(cells):
        return pa.array([], pa.int64())
    if pc.max(pc.binary_length(cells)).as_py() > _LONGEST:
        raise OverflowError
    exact = pc.if_else(pc.equal(cells, ""), None, cells).cast(_DECIMAL)
    empty = exact.is_null().to_numpy(zero_copy_only=False)
    halves = np.frombuffer(exact.buffers()[1], dtype=np.int64).reshape(-1, 2)
    low, high = halves[exact.offset : exact.offset + len(exact)].T
    if not (empty | (low >> 63 == high)).all():
        raise OverflowError
    return pa.array(low, pa.int64(), mask=empty)


@cache
def _usual(form: NumberFormat) -> str:
    """Numbers in groups, or with a currency sign: read all at once."""
    point, group = re.escape(form.point), re.escape(form.group)
    return (
        rf"^[-+]?(?:[{_SIGNS}] ?)?(?:\d{{1,3}}(?:{group}\d{{3}}){{1,3}}|\d{{1,14}})"
        rf"(?:{point}\d{{1,4}})?(?: ?[{_SIGNS}])?$"
    )


@cache
def _any(form: NumberFormat) -> re.Pattern[str]:
    """Every way to write a number that is understood."""
    point, group = re.escape(form.point), re.escape(form.group)
    money = rf"(?:[{_SIGNS}]|[A-Z]{{2,3}}\$?|kr\.?|zł|Fr\.?|Kč|Ft)?"
    groups = (
        rf"\d{{1,3}}(?P<g>[{group} '’])\d{{3}}(?:(?P=g)\d{{3}})*|"
        rf"\d{{1,2}}(?:{group}\d{{2}})+{group}\d{{3}}"  # as in India: 12,34,567
    )
    return re.compile(
        rf"(?P<open>\()?\s*(?P<s1>[-+−–])?\s*{money}\s*(?P<s2>[-+−–])?\s*"
        rf"(?P<whole>{groups}|\d*)(?:{point}(?P<part>\d*))?"
        rf"(?:[eE](?P<power>[-+]?\d{{1,2}}))?\s*{money}\s*(?P<s3>[-+−–])?\s*"
        rf"(?P<close>\))?\s*{money}",
        re.ASCII,
    )


def _reader(form: NumberFormat) -> Callable[[str], int | Reason]:
    """A function that reads one cell."""
    pattern = _any(form)

    def read(cell: str) -> int | Reason:
        found = pattern.fullmatch(cell)
        signs = (
            [found[s] for s in ("open", "s1", "s2", "s3") if found[s]] if found else []
        )
        if not found or len(signs) > 1 or bool(found["open"]) != bool(found["close"]):
            return Reason.NOT_A_NUMBER
        digits = re.sub(r"\D", "", found["whole"]).lstrip("0")
        part = (found["part"] or "").rstrip("0")
        if not (found["whole"] or found["part"]):
            return Reason.NOT_A_NUMBER
        size = _ten_thousandths(digits, part, int(found["power"] or 0))
        return size if isinstance(size, Reason) or signs in ([], ["+"]) else -size

    return read


def _ten_thousandths(digits: str, part: str, power: int) -> int | Reason:
    """`digits`.`part` × 10^`power`, scaled."""
    if len(digits) + power > 15 or len(digits) > 100:
        return Reason.TOO_LARGE
    places = 4 + power - len(part)
    if len(part) > 100:
        return Reason.TOO_MANY_PLACES
    number, rest = divmod(
        int(digits + part or 0) * 10 ** max(places, 0), 10 ** max(-places, 0)
    )
    if rest:
        return Reason.TOO_MANY_PLACES
    return number if number <= _LIMIT else Reason.TOO_LARGE
