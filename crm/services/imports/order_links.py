"""Customers and products that orders name: those that are there, and those to make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.i18n import N_, _
from crm.models import Customer, Product, folded
from crm.services.imports import lookups
from crm.services.imports.order_lines import Ints, Lines, Mask
from crm.services.prices import skus

NOBODY = -1  # the order names no customer
OUT_OF_REACH = -2  # a customer that the actor does not see
AMBIGUOUS = -3  # several customers have that name
NEW = -10  # and below: the place among those to make, counted down

NAMED = (
    "customer_external_id",
    "customer_email",
    "customer_name",
    "customer_country",
)
WALK_IN = N_("Walk-in customers")

Values = dict[str, Any]


@dataclass
class Links:
    """What something is called in the file → its id, or a negative number that says
    why there is none; `new` are the rows to make.
    """

    ids: Ints
    new: list[Values] = field(default_factory=list)
    lacking: dict[int, str] = field(default_factory=dict)

    def of(self, wanted: Mask) -> "Links":
        """Only what is `wanted`; nothing else is made."""
        ids = np.where(wanted, self.ids, NOBODY)
        used, places = np.unique(NEW - ids[ids <= NEW], return_inverse=True)
        ids[ids <= NEW] = NEW - places
        return Links(ids, [self.new[place] for place in used], self.lacking)

    def resolved(self, made: Sequence[int]) -> Ints:
        """`ids` once those of `new` have been made."""
        ids = self.ids.copy()
        is_new = ids <= NEW
        if is_new.any():
            ids[is_new] = np.array(made, dtype=np.int64)[NEW - ids[is_new]]
        return ids


def customers(
    session: Session, lines: Lines, wanted: Mask, known: lookups.Known
) -> Links:
    """The customer of each order; `wanted` is True for orders that need one.

    Found by external id, then e-mail; by name only where a file has neither. One that
    is not there is made; its e-mail is left out where it is somebody else's.
    """
    nothing = [None] * lines.n_orders
    said = zip(*(lines.orders.get(name, nothing) for name in NAMED), strict=True)
    rows = [
        row if wants else (None,) * 4 for row, wants in zip(said, wanted, strict=True)
    ]
    meant = _Meant(session, rows, known)
    links = Links(np.full(len(rows), NOBODY, dtype=np.int64))
    for place, row in enumerate(rows):
        if any(row[:3]):
            links.ids[place] = meant.place_of(place, row, links)
    return links


def walk_in(session: Session) -> int | None:
    """The customer that stands for buyers nobody knows, if there is one."""
    found = select(col(Customer.id)).where(col(Customer.walk_in).is_(True))
    return session.scalar(found.order_by(col(Customer.id)).limit(1))


def walk_in_of(session: Session, import_id: int) -> tuple[int, bool]:
    """The id of that customer, and whether it had to be made: there is only one,
    however many imports need it at the same moment.
    """
    if (found := walk_in(session)) is None:
        db.alone(session, "walk_in")
        found = walk_in(session)
    return (found, False) if found else (new_walk_in(session, import_id), True)


def new_walk_in(session: Session, import_id: int) -> int:
    """Make that customer; nobody owns it, so that everyone sees its orders. It is of
    the import, which takes it away again when nothing else hangs on it.
    """
    made = Customer(name=_(WALK_IN), walk_in=True, import_id=import_id)
    session.add(made)
    session.flush()
    return made.id


def products(
    session: Session, lines: Lines, wanted: Mask, known: lookups.Known
) -> tuple[Links, pa.Array]:
    """The product of each line, and what products are called, line by line.

    `wanted` is True for lines that need one. A new product is called as most of its
    lines call it; where they write its SKU in several ways, they mean one product.
    """
    encoded = lines.sku.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    needed = np.unique(codes[wanted & (codes >= 0)]).tolist()
    said = dict(
        zip(
            needed,
            encoded.dictionary.take(pa.array(needed, pa.int64())).to_pylist(),
            strict=True,
        )
    )
    there = _known(session, said.values(), known)
    fresh = {code: sku for code, sku in said.items() if sku not in there}
    codes = _in_one_spelling(codes, fresh, len(encoded.dictionary))
    usual = _usual_names(lines, codes, list(fresh)) if fresh else {}
    links = Links(np.full(len(encoded.dictionary) + 1, NOBODY, dtype=np.int64))
    names: list[str | None] = [None] * len(links.ids)
    for code in np.unique(codes[np.isin(codes, needed)]).tolist():
        sku = said[code]
        if sku in there:
            links.ids[code], names[code] = there[sku]
        else:
            links.ids[code] = NEW - len(links.new)
            names[code] = usual.get(code, sku)
            links.new.append({"sku": skus.spaced(sku), "name": names[code]})
    places = np.where(codes < 0, len(names) - 1, codes)
    links.ids = links.ids[places]
    return links, pa.array(names, pa.string()).take(pa.array(places))


def _known(
    session: Session, texts: Iterable[str], known: lookups.Known
) -> dict[str, lookups.Pair]:
    """The products that are there: by SKU as it is written, else as it is meant."""
    wanted = set(texts)
    there = lookups.pairs(session, Product, "sku_key", wanted, known.products)
    meant = skus.meant(session, wanted - there.keys())
    more = {text: (row.id, row.name) for text, row in meant.items()}
    known.products.update(more)
    return there | more


def _in_one_spelling(codes: Ints, fresh: dict[int, str], n_codes: int) -> Ints:
    """The lines, with each new SKU in the spelling that most of them have."""
    counts = np.bincount(codes[codes >= 0], minlength=n_codes)
    first: dict[str, int] = {}
    for code in sorted(fresh, key=lambda one: (-counts[one], fresh[one])):
        first.setdefault(skus.key(fresh[code]), code)
    instead = np.arange(n_codes + 1)
    for code, sku in fresh.items():
        instead[code] = first[skus.key(sku)]
    instead[-1] = -1  # of lines without a SKU
    return np.asarray(instead[codes], dtype=np.int64)


def _usual_names(lines: Lines, codes: Ints, fresh: list[int]) -> dict[int, str]:
    """The most frequent name per product; of equals the first by letters."""
    here = np.isin(codes, fresh)
    names = lines.name.filter(pa.array(here)).to_pylist()
    frame = pd.DataFrame({"code": codes[here], "name": names}).dropna()
    counts = frame.groupby(["code", "name"]).size().reset_index(name="n")
    ranked = counts.sort_values(["n", "name"], ascending=[False, True])
    best = ranked.drop_duplicates("code")
    return dict(zip(best["code"].tolist(), best["name"].tolist(), strict=True))


class _Meant:
    """The customers that a batch of orders may mean."""

    def __init__(
        self, session: Session, rows: Sequence[tuple[Any, ...]], known: lookups.Known
    ) -> None:
        externals = {row[0] for row in rows if row[0]}
        emails = {folded(row[1]) for row in rows if row[1]}
        names = {folded(row[2]) for row in rows if row[2] and not (row[0] or row[1])}
        self.by_external = lookups.pairs(
            session, Customer, "external_key", externals, known.customers
        )
        self.by_email = lookups.pairs(session, Customer, "email_key", emails)
        self.by_name = lookups.named(session, sorted(names))
        self.holders = {
            key: lookups.holders(session, Customer, key, texts - there.keys())
            for key, texts, there in (
                ("external_key", externals, self.by_external),
                ("email_key", emails, self.by_email),
            )
        }
        self.made: dict[tuple[str, str], int] = {}

    def place_of(self, place: int, row: tuple[Any, ...], links: Links) -> int:
        """The id of the customer in `row`, or a negative number: see `Links`."""
        external, email, name, _country = row
        if external in self.by_external:
            return self.by_external[external][0]
        if external and external in self.holders["external_key"]:
            return OUT_OF_REACH
        if email and folded(email) in self.by_email:
            return self.by_email[folded(email)][0]
        if not external and email and folded(email) in self.holders["email_key"]:
            return OUT_OF_REACH
        if not external and not email:
            ids = self.by_name.get(folded(name), [])
            if ids:
                return ids[0] if len(ids) == 1 else AMBIGUOUS
        return self._make(place, row, links)

    def _make(self, place: int, row: tuple[Any, ...], links: Links) -> int:
        external, email, name, country = row
        called = name or email or _("Customer {number}").format(number=external)
        keys = [
            (kind, key)
            for kind, key in (("id", external), ("mail", folded(email)))
            if key
        ] or [("name", folded(name))]
        known = [self.made[key] for key in keys if key in self.made]
        number = known[0] if known else NEW - len(links.new)
        for key in keys:
            self.made.setdefault(key, number)
        if not known:
            taken = email and folded(email) in self.holders["email_key"]
            if taken:
                links.lacking[place] = email
            links.new.append(
                {
                    "name": called[:200],
                    "external_id": external,
                    "email": None if taken else email,
                    "country": country,
                }
            )
        return number
