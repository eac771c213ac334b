"""The lines of a quote in the change log: what they were, and what they became.

Lines are no records of their own, and so a change of them is one of their quote.
"""

from typing import Any

from sqlmodel import Session

from crm import db
from crm.db.plain import plain
from crm.models import Deed, LineFields, Quote, utcnow
from crm.services import quotes_lines

Values = quotes_lines.Values
SHOWN = 20  # lines that are told one by one


def note(session: Session, row: Quote, before: list[Values]) -> None:
    """Write down how the lines of `row` have changed, if they have.

    The quote's version grows with them, so that two who write at once notice.
    """
    after = [quotes_lines.plain(line) for line in row.lines]
    if after != before:
        row.updated_at = utcnow()
    session.flush()
    if after == before:
        return
    change = {"entity": "quote", "record_id": row.id, "customer_id": row.customer_id}
    held = {"before": {"lines": written(before)}, "after": {"lines": written(after)}}
    db.record_change(session, change | {"deed": Deed.UPDATE} | held)


def written(lines: list[Values]) -> list[Values]:
    """Lines as the log has them."""
    return [{name: plain(value) for name, value in one.items()} for one in lines]


def read(lines: list[Values]) -> list[Values]:
    """Lines of the log as they were: amounts are numbers again."""
    return [LineFields.model_validate(one).model_dump() for one in lines]


def words(lines: Any) -> str:
    """Lines of the log as people read them: “2 × #7: 10”."""
    told = [
        f"{one.get('quantity')} × #{one.get('product_id')}: {one.get('unit_price')}"
        for one in lines[:SHOWN]
    ]
    return "; ".join([*told, *(["…"] if len(lines) > SHOWN else [])]) or "–"
