"""The keys of rows: by which an order's lines, or a record's rows, belong together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from crm.models import folded
from crm.services.imports.layout import Layout
from crm.services.imports.parsed import Parsed
from crm.services.prices import skus

IDENTITY = "identity"
"""The key by which a row finds its record: see `identity`."""

UNIQUE = {  # fields that no two records share, as the tables know them
    "customers": ("external_id", "email"),
    "contacts": ("external_id",),
    "products": ("sku",),
    "leads": ("external_id",),
    "opportunities": ("external_id",),
}
NAMES = {  # what a record is called: the last resort
    "customers": ("name",),
    "contacts": ("last_name", "first_name", "customer"),
    "products": (),
    "leads": (),
    "opportunities": ("name", "customer_name"),
}
FOLDED = frozenset(
    {"email", "name", "last_name", "first_name", "customer", "customer_name"}
)


@dataclass(frozen=True)
class Keys:
    """The keys of some rows.

    Args:
        texts: key → a text per row, null where it has none.
        fine: False where a cell is bad that rules the row out.
    """

    texts: Mapping[str, pa.Array]
    fine: pa.Array

    @property
    def names(self) -> Sequence[str]:
        """The keys there are; the first one is that of the record."""
        return list(self.texts)


def keys_of(columns: pa.Table, layout: Layout) -> Keys:
    """The keys of rows as they stand in the file."""
    if group := layout.target.group_by:
        number = layout.read(layout.target.field(group), columns).values
        return Keys({group: number}, pa.array(np.ones(columns.num_rows, dtype=bool)))
    parsed = layout.read_some(columns, _counts(layout))
    texts = {IDENTITY: pa.array(identities(layout, listed(parsed)), pa.string())}
    for name in UNIQUE[layout.target.name]:
        if name in parsed:
            texts[name] = pa.array(
                [as_key(name, value) for value in parsed[name].values.to_pylist()],
                pa.string(),
            )
    return Keys(texts, pa.array(~ruled_out(layout, parsed)))


def _counts(layout: Layout) -> set[str]:
    """The fields by which a record is known, and those whose bad cells rule it out."""
    of_keys = {name for group in search_order(layout) for name in group}
    fields = layout.target.fields
    return of_keys.union(
        UNIQUE[layout.target.name], (f.name for f in fields if not f.forgiving)
    )


def listed(parsed: Mapping[str, Parsed]) -> dict[str, list[object]]:
    """The values of each field, in order, as Python has them."""
    return {name: each.values.to_pylist() for name, each in parsed.items()}


def ruled_out(layout: Layout, parsed: Mapping[str, Parsed]) -> npt.NDArray[np.bool_]:
    """True where a bad cell keeps the row from going in."""
    out = np.zeros(len(next(iter(parsed.values())).values), dtype=bool)
    for name, each in parsed.items():
        if not layout.target.field(name).forgiving:
            out |= each.bad
    return out


def identities(layout: Layout, values: Mapping[str, list[object]]) -> list[str | None]:
    """What each row's record is known by: field and text, None where by nothing.

    The chosen match key; where its cell is blank, the next best one; at last the name.
    """
    order = search_order(layout)
    n_rows = len(next(iter(values.values())))
    return [_identity(order, values, place) for place in range(n_rows)]


def search_order(layout: Layout) -> list[tuple[str, ...]]:
    """Groups of mapped fields to find a record by, the chosen match key first."""
    names = NAMES[layout.target.name]
    keys = [layout.choices.match_key, *layout.target.match_keys]
    order = [names if key in names else (key,) for key in dict.fromkeys(keys)]
    order += [names] if names else []
    known = [group for group in order if layout.names(group[0])]
    return list(dict.fromkeys(tuple(filter(layout.names, group)) for group in known))


def as_key(name: str, value: object) -> str | None:
    """`value` of field `name` as it is compared: addresses and names without case."""
    if value is None:
        return None
    if name == "sku":
        return skus.key(str(value))
    return folded(str(value)) if name in FOLDED else str(value)


def _identity(
    order: list[tuple[str, ...]], values: Mapping[str, list[object]], place: int
) -> str | None:
    for group in order:
        if values[group[0]][place] is not None:
            parts = [as_key(name, values[name][place]) or "" for name in group]
            return "\n".join([group[0], *parts])
    return None
