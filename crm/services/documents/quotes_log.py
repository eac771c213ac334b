"""Lines of offers in the change log: what they were, and what they became.

Lines are no records of their own, and so a change of them is one of the quote, or of
the opportunity, that they are of.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from crm import db
from crm.db.plain import plain
from crm.models import Deed, LineFields, Opportunity, Quote, utcnow
from crm.services.documents import quotes_lines

Values = quotes_lines.Values
SHOWN = 20  # lines that are told one by one


def note(session: Session, row: Quote | Opportunity, before: list[Values]) -> None:
    """Write down how the lines of `row` have changed, if they have.

    Its version grows with them, so that two who write at once notice.
    """
    after = [quotes_lines.plain(line) for line in row.lines]
    if after != before:
        row.updated_at = utcnow()
    session.flush()
    if after == before:
        return
    kind = str(row.__tablename__)
    change = {"entity": kind, "record_id": row.id, "customer_id": row.customer_id}
    held = {"before": {"lines": written(before)}, "after": {"lines": written(after)}}
    db.record_change(session, change | {"deed": Deed.UPDATE} | held)


def written(lines: list[Values]) -> list[Values]:
    """Lines as the log has them."""
    return [{name: plain(value) for name, value in one.items()} for one in lines]


def read(lines: list[Values]) -> list[Values]:
    """Lines of the log as they were: amounts are numbers again."""
    return [LineFields.model_validate(one).model_dump() for one in lines]


def products(lines: Any) -> set[int]:
    """The products that lines of the log name."""
    held = (one.get("product_id") for one in lines or ())
    return {key for key in held if isinstance(key, int)}


def words(lines: Any, names: Mapping[int, str]) -> str:
    """Lines of the log as people read them: “2 × Pen: 10”; without a name “#7”."""
    told = [
        f"{one.get('quantity')} × {names.get(key, f'#{key}')}: {one.get('unit_price')}"
        for one in lines[:SHOWN]
        for key in [one.get("product_id")]
    ]
    return "; ".join([*told, *(["…"] if len(lines) > SHOWN else [])]) or "–"
