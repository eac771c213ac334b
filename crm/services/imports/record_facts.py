"""What a batch of records meets in the database, asked once for all of its rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlmodel import Session

from crm.models import (
    Contact,
    Customer,
    CustomerKind,
    Lead,
    LeadStatus,
    Opportunity,
    Product,
    StageKind,
    Unfit,
    folded,
)
from crm.models.base import Binned
from crm.services.imports import lookups
from crm.services.imports.attached import Held, held
from crm.services.imports.fillable import is_custom
from crm.services.imports.keys import UNIQUE, as_key, search_order
from crm.services.imports.layout import Layout
from crm.services.imports.parsed import Parsed
from crm.services.imports.targets import CHANGED_AT, Field, Kind
from crm.services.prices import skus

TABLES: dict[str, type[Binned]] = {
    "customers": Customer,
    "contacts": Contact,
    "products": Product,
    "leads": Lead,
    "opportunities": Opportunity,
}
ENUMS: dict[str, Callable[[str], Any]] = {
    "kind": CustomerKind,
    "status": LeadStatus,
    "unfit_reason": Unfit,
    "state": StageKind,
}
LINKS = ("customer", "parent", "customer_external_id", "customer_name")
"""Fields that name a customer."""
LINKED = frozenset({"owner", "customer", "parent", "tags", "currency", CHANGED_AT})
"""Fields that are no columns of the record by that name."""
KEY_COLUMNS = {"external_id": "external_key", "email": "email_key"}
Values = dict[str, list[Any]]


@dataclass(frozen=True)
class Facts:
    """What is known about the rows of a batch.

    Args:
        values: field → a value per row, as the record holds it; None where blank.
        found: the records in reach that each row may be, by place.
        holders: unique field → whose each text is, past the actor's reach.
        users, customers: what files call them → ids.
        held: custom values and tags of the records found.
        custom: those of the fields that administrators have added.
    """

    values: Values
    found: Mapping[int, list[Any]]
    holders: Mapping[str, Mapping[str, int]]
    users: Mapping[str, int]
    customers: Mapping[str, list[int]]
    held: Held
    custom: Sequence[str]

    @cached_property
    def columns(self) -> Sequence[str]:
        """The fields that are columns of the record."""
        others = LINKED.union(self.custom)
        return [name for name in self.values if name not in others]


def gathered(
    session: Session,
    layout: Layout,
    parsed: Mapping[str, Parsed],
    places: Sequence[int],
) -> Facts:
    """The facts about the rows at `places`, those that are not ruled out."""
    target, table = layout.target, TABLES[layout.target.name]
    values = {
        name: _stored_all(target.field(name), each.values.to_pylist())
        for name, each in parsed.items()
    }
    names = [name for name in LINKS if name in values]
    texts = {v for name in names for v in values[name] if v is not None}
    customers = lookups.customers_called(session, texts)
    facts = Facts(
        values=values,
        found={},
        holders={
            name: lookups.holders(
                session, table, KEY_COLUMNS[name], _keys(name, values, places)
            )
            for name in UNIQUE[target.name]
            if name in values and name != "sku"  # by which products are found
        },
        users=_users(session, table) if "owner" in values else {},
        customers=customers,
        held=Held({}, {}),
        custom=[name for name in values if is_custom(target.field(name))],
    )
    if "sku" in values:  # products, which have no key but their SKU
        found = _by_sku(session, values["sku"], places)
    else:
        found = _found(session, layout, facts, places)
    ids = sorted({row.id for rows in found.values() for row in rows})
    more = held(session, target.entity, ids, [*facts.custom, "tags"])
    return replace(facts, found=found, held=more)


def _users(session: Session, table: type[Binned]) -> Mapping[str, int]:
    """What users are called; opportunities belong to those who have left, too."""
    return lookups.users(session, gone=table is Opportunity)


def stored(field: Field, value: Any) -> Any:
    """`value`, as `parse` gives it, as a record holds it."""
    if value is None:
        return None
    if field.kind is Kind.AMOUNT:
        return Decimal(value).scaleb(-4)
    if field.name == "sku":
        return skus.spaced(value)
    return ENUMS[field.name](value) if field.name in ENUMS else value


def _stored_all(field: Field, values: list[Any]) -> list[Any]:
    if field.kind is not Kind.AMOUNT and field.name not in {*ENUMS, "sku"}:
        return values
    return [stored(field, value) for value in values]


def _keys(name: str, values: Values, places: Iterable[int]) -> set[str]:
    keys = {as_key(name, values[name][place]) for place in places}
    return {key for key in keys if key}


def _found(
    session: Session, layout: Layout, facts: Facts, places: Iterable[int]
) -> dict[int, list[Any]]:
    """The records that each row may be, by the first of its keys that is not blank.

    Where a key is unique, only what somebody holds is looked for: `holders` has looked
    for all, by an index alone.
    """
    values = facts.values
    by_group: dict[tuple[str, ...], list[int]] = {}
    order = search_order(layout)
    for place in places:
        usable = (g for g in order if values[g[0]][place] is not None)
        if group := next(usable, None):
            by_group.setdefault(group, []).append(place)
    found: dict[int, list[Any]] = {}
    table = TABLES[layout.target.name]
    for group, some in by_group.items():
        if column := KEY_COLUMNS.get(group[0]):
            keys = _keys(group[0], values, some)
            if group[0] in facts.holders:
                keys &= facts.holders[group[0]].keys()
            if group[0] == "email" and table is Lead:  # whose addresses have no key
                rows = lookups.leads_by_email(session, keys)
            else:
                rows = lookups.by_key(session, table, column, keys)
            for place in some:
                key = as_key(group[0], values[group[0]][place]) or ""
                found[place] = rows.get(key, [])
        else:
            found |= _by_name(session, table, values, some, facts.customers)
    return {place: rows for place, rows in found.items() if rows}


def _by_sku(
    session: Session, said: Sequence[Any], places: Sequence[int]
) -> dict[int, list[Any]]:
    products = skus.known(session, {said[place] for place in places} - {None})
    return {
        place: [products[said[place]]] for place in places if said[place] in products
    }


def _by_name(
    session: Session,
    table: type[Binned],
    values: Values,
    places: list[int],
    customers: Mapping[str, list[int]],
) -> dict[int, list[Any]]:
    """Customers of that name; contacts and opportunities of that name, at the customer
    that is told.
    """
    wanted = {place: _names(table, values, place) for place in places}
    starts = {_start(*names) for names in wanted.values()}
    called: dict[tuple[str, str], list[Any]] = {}
    for row in lookups.by_name(session, table, starts):
        called.setdefault(_called(row), []).append(row)
    found = {place: called.get(names, []) for place, names in wanted.items()}
    said = values.get("customer_name" if table is Opportunity else "customer", ())
    for place, text in enumerate(said):
        if text is not None and place in found:
            at = customers.get(text, [])
            found[place] = [row for row in found[place] if row.customer_id in at]
    return found


def _names(table: type[Binned], values: Values, place: int) -> tuple[str, str]:
    if table is not Contact:
        return folded(values["name"][place]), ""
    first = values["first_name"][place] if "first_name" in values else None
    return folded(values["last_name"][place]), folded(first)


def _called(row: Any) -> tuple[str, str]:
    if isinstance(row, Contact):
        return folded(row.last_name), folded(row.first_name)
    return folded(row.name), ""


def _start(name: str, more: str) -> str:
    """How the search key of a record begins; what repeats stands there once."""
    return f"{name}\n{more}" if more and more != name else name
