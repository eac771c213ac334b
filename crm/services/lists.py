"""Lists: one page of records by search, filter and sort; all of them for a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlmodel import Session

from crm.errors import Invalid
from crm.i18n import _
from crm.services import filters, list_values
from crm.services.customers import live_segments
from crm.services.fields import (
    Entity,
    Field,
    entity_of,
    fields_of,
    in_rules,
)

COUNT_LIMIT = 10_000  # beyond, a list says “10,000+”
MAX_PAGE = 200
MAX_SKIP = 100_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Query:
    """What a list shows: `sort` is a field's name, with “-” in front to reverse."""

    entity: str
    search: str = ""
    rule: filters.Rule | None = None
    sort: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Rows as dictionaries of raw values with `id` and `version`, and how many in all.

    `total` stops at `COUNT_LIMIT`; `is_capped` says so.
    """

    rows: list[Row]
    total: int
    is_capped: bool
    columns: list[Field]


def page(
    session: Session, query: Query, *, today: date, number: int = 1, size: int = 25
) -> Page:
    """Page `number` (from 1) of what `query` finds, of at most `size` (200) rows.

    Raises:
        Invalid: the query names what is not there.
    """
    plan = _Plan(session, query, today)
    size = max(1, min(size, MAX_PAGE))
    skip = min(max(0, number - 1) * size, MAX_SKIP)
    total = plan.count(COUNT_LIMIT + 1)
    statement = plan.statement(plan.columns).limit(size).offset(skip)
    rows = plan.rows(session.execute(statement).all())
    return Page(rows, min(total, COUNT_LIMIT), total > COUNT_LIMIT, plan.columns)


def ids(session: Session, query: Query, *, today: date, limit: int) -> list[int]:
    """The ids of at most `limit` records that `query` finds, in its order."""
    plan = _Plan(session, query, today)
    return list(session.scalars(plan.statement([]).limit(limit)))


def count(session: Session, query: Query, *, today: date, limit: int) -> int:
    """How many records `query` finds, counted up to `limit`."""
    return _Plan(session, query, today).count(limit)


def stream(
    session: Session, query: Query, *, today: date, size: int = 1000
) -> Iterator[list[Row]]:
    """All rows of `query` in pieces of `size`; for files. Ordered by id."""
    plan = _Plan(session, query, today)
    last = 0
    while True:
        statement = plan.after(last, plan.columns).limit(size)
        if not (found := session.execute(statement).all()):
            return
        rows = plan.rows(found)
        last = int(rows[-1]["id"])
        yield rows


class _Plan:
    """A query with its fields looked up, checked and turned into SQL."""

    def __init__(self, session: Session, query: Query, today: date) -> None:
        self.session = session
        self.entity: Entity = entity_of(query.entity)
        self.fields = fields_of(session, query.entity)
        self.columns = _chosen(self.fields, query.columns)
        self.table: Any = self.entity.table
        rule = live_segments.spelled_out(session, query.rule)
        self.where = sa.and_(
            filters.where(
                self.entity,
                in_rules(session, query.entity, self.fields),
                rule,
                today=today,
            ),
            filters.matches_search(self.entity, query.search),
        )
        self.order = self._order(query.sort or self.entity.sort)

    def count(self, limit: int) -> int:
        found = select(self.table.id).where(self.where).limit(limit).subquery()
        return int(self.session.scalar(select(sa.func.count()).select_from(found)) or 0)

    def statement(self, columns: Sequence[Field]) -> Any:
        return self._select(columns).where(self.where).order_by(*self.order)

    def after(self, last: int, columns: Sequence[Field]) -> Any:
        later = sa.and_(self.where, self.table.id > last)
        return self._select(columns).where(later).order_by(self.table.id)

    def rows(self, found: Iterable[Any]) -> list[Row]:
        """Dictionaries of raw values, with what lies in rows of its own."""
        rows = [dict(row._mapping) for row in found]
        ids = [int(row["id"]) for row in rows]
        apart = [one for one in self.columns if _is_apart(one)]
        for name, held in list_values.held(
            self.session, self.entity, apart, ids
        ).items():
            for row in rows:
                row[name] = held.get(row["id"])
        return rows

    def _select(self, columns: Sequence[Field]) -> Any:
        held = [f.column.label(f.name) for f in columns if not _is_apart(f)]
        if not columns:
            return select(self.table.id)
        return select(self.table.id, self.table.version, *held)

    def _order(self, sort: str) -> list[Any]:
        field = self.fields.get(sort.removeprefix("-"))
        if field is None or field.sort is None:
            raise Invalid(
                _("The list cannot be sorted by “{name}”.").format(
                    name=filters.shown(sort)
                ),
                field="sort",
            )
        down = sort.startswith("-")
        column = field.sort
        order = [column.desc() if down else column.asc()]
        if getattr(column, "nullable", True) and field.name not in _INDEXED:
            order.insert(0, sa.case((column.is_(None), 1), else_=0))
        return [*order, self.table.id.desc() if down else self.table.id.asc()]


_INDEXED = {"name", "last_name"}  # sorted by an index, whose first rows are there


def _chosen(fields: dict[str, Field], columns: Sequence[str]) -> list[Field]:
    """The columns asked for, or those shown when nobody has chosen."""
    if not columns:
        return [field for field in fields.values() if field.shown]
    if unknown := [name for name in columns if name not in fields]:
        raise Invalid(
            _("There is no field “{name}”.").format(name=filters.shown(unknown[0])),
            field="columns",
        )
    return [fields[name] for name in dict.fromkeys(columns)]


def _is_apart(field: Field) -> bool:
    """Whether its values are read once the rows of the page are known."""
    return field.column is None or field.at_once is not None
