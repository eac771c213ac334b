"""Records that are there already: many at once, by what a file calls them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from crm import db
from crm.models import Customer, Lead, User, folded
from crm.models.base import Binned

_NAMES_AT_ONCE = 200  # ranges in one statement
_LAST = "\U0010ffff"  # sorts after every letter
_LONGEST_START = 500  # characters; a search key has 600

_MOST_KNOWN = 100_000  # records that are remembered; some 20 MB

Rows = dict[str, list[Any]]
Pair = tuple[int, str]


@dataclass(frozen=True)
class Known:
    """Customers by external id and products by SKU that a run has come across.

    Only what was there before a batch, never what the batch has made: it may be rolled
    back. Whoever is put into the recycle bin meanwhile may still get an order.
    """

    customers: dict[str, Pair] = field(default_factory=dict)
    products: dict[str, Pair] = field(default_factory=dict)


def by_key(
    session: Session, table: type[Binned], key: str, texts: Iterable[str]
) -> Rows:
    """Records in reach whose column `key` is one of `texts`, by that text."""
    found: Rows = {}
    column = getattr(table, key)
    for piece in db.chunked(sorted(set(texts))):
        for row in session.scalars(select(table).where(column.in_(piece))):
            found.setdefault(getattr(row, key), []).append(row)
    return found


def leads_by_email(session: Session, addresses: Iterable[str]) -> Rows:
    """Leads in reach by their address, folded as `addresses` are: see `as_key`."""
    found: Rows = {}
    column = col(Lead.email)
    for piece in db.chunked(sorted(set(addresses))):
        for row in session.scalars(select(Lead).where(func.lower(column).in_(piece))):
            found.setdefault(folded(row.email), []).append(row)
    return found


def by_name(session: Session, table: type[Binned], starts: Iterable[str]) -> list[Any]:
    """Records in reach whose search key has one of `starts` as its first line, or
    begins with it where it holds a line break itself.
    """
    key: Any = table.search_key  # type: ignore[attr-defined]  # all of these have one
    found: dict[int, Any] = {}
    wanted = sorted(set(starts))
    for piece in db.chunked(wanted, _NAMES_AT_ONCE):
        ranges = [_starting(key, text) for text in piece]
        for row in session.scalars(select(table).where(or_(*ranges))):
            found[row.id] = row
    return list(found.values())


def pairs(
    session: Session,
    table: Any,
    key: str,
    texts: Iterable[str],
    known: dict[str, Pair] | None = None,
) -> dict[str, Pair]:
    """Records in reach by a unique text: text → id and name.

    What is in `known` is not asked again; what is found is put there.
    """
    found: dict[str, Pair] = {} if known is None else known
    wanted, column = set(texts), getattr(table, key)
    if len(found) > _MOST_KNOWN:
        found.clear()
    for piece in db.chunked(sorted(wanted - found.keys())):
        statement = select(column, table.id, table.name).where(column.in_(piece))
        for text, record_id, name in session.execute(statement):
            found[text] = (record_id, name)
    return {text: found[text] for text in wanted if text in found}


def holders(
    session: Session, table: Any, key: str, texts: Iterable[str]
) -> dict[str, int]:
    """Whose a unique text is: text → id, past the actor's reach, as the database sees
    it when the text is written a second time.
    """
    column, found = table.__table__.c[key], {}
    for piece in db.chunked(sorted(set(texts))):
        statement = select(column, table.__table__.c.id).where(column.in_(piece))
        for text, record_id in session.connection().execute(statement):
            found[text] = int(record_id)
    return found


def customers_called(session: Session, texts: Collection[str]) -> dict[str, list[int]]:
    """Ids of customers in reach for what a file calls them: external id, else name."""
    known = by_key(session, Customer, "external_key", texts)
    found = {text: [row.id for row in rows] for text, rows in known.items()}
    rest = [text for text in texts if text not in found]
    names = named(session, [folded(text) for text in rest])
    return found | {text: names.get(folded(text), []) for text in rest}


def named(session: Session, names: Sequence[str]) -> dict[str, list[int]]:
    """Ids of customers in reach by their folded name."""
    found: dict[str, list[int]] = {}
    for row in by_name(session, Customer, filter(None, names)):
        found.setdefault(folded(row.name), []).append(row.id)
    return found


def users(session: Session, *, gone: bool = False) -> dict[str, int]:
    """Active users by folded name and by e-mail; where `gone`, inactive ones too."""
    found = select(User).order_by(col(User.active), col(User.id).desc())
    if not gone:
        found = found.where(col(User.active).is_(True))
    rows = session.scalars(found).all()
    by_text = {folded(user.name): user.id for user in rows}
    return by_text | {folded(user.email): user.id for user in rows}


def _starting(column: Any, text: str) -> Any:
    """A range instead of LIKE: an index serves it on every database."""
    start = text if "\n" in text else f"{text}\n"
    start = start[:_LONGEST_START]
    return (column >= start) & (column <= f"{start}{_LAST}")
