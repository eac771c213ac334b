"""A company of many order lines, written straight into a warehouse file.

Not by way of SQLite, which `bench.imports` and `bench.warehouse` measure: the file has
the tables that a refresh makes, filled from numpy.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd

from crm.warehouse import files, refreshing, reopened
from crm.warehouse.refreshing import Mark
from crm.warehouse.tables import COPIED

AS_OF = date(2026, 6, 30)
DATA_AT = datetime(2026, 7, 1, 4, tzinfo=UTC)
DAYS = 1095  # of history; customers come in evenly
LINES_A_CUSTOMER = 10
THEMES = 60  # an order is mostly of products of one
COUNTRIES = ["DE", "FR", "ES", "IT", "NL", "AT", "CH", "PL", "SE", "GB"]
SECTORS = ["retail", "services", "industry", "health", "public", None]
SOURCES = ["web", "fair", "referral", "advertisement", None]

Rng = np.random.Generator


def write(lines: int) -> dict[str, int]:
    """Put about `lines` order lines into the warehouse; the rows of each table."""
    rng = np.random.default_rng(1)
    rows = {}
    with files.one_writer(), files.replacing() as duck:
        for copied, table in zip(COPIED, _tables(rng, lines), strict=True):
            duck.execute(copied.create)
            duck.register("made", table)
            duck.execute(f"INSERT INTO {copied.name} BY NAME SELECT * FROM made")
            duck.unregister("made")
            rows[copied.name] = len(table)
        duck.execute(reopened.CREATE)  # none was
        refreshing._finish(duck, Mark(*refreshing._kind(), 0, "", DATA_AT))
    return rows


def _tables(rng: Rng, lines: int) -> Iterator[pd.DataFrame]:
    """In the order of `COPIED`."""
    customers = max(lines // LINES_A_CUSTOMER, 1)
    products = int(np.clip(lines // 50, THEMES, 4_000)) // THEMES * THEMES
    who, day = _purchases(rng, customers)
    yield _customers(rng, customers)
    yield _products(products)
    yield _tickets(np.random.default_rng(3), customers)
    yield from _campaigns(np.random.default_rng(4), customers)
    sold = rng.random(len(who)) >= 0.04  # the others are sent back
    order, product = _baskets(rng, len(who), products)
    pieces = rng.integers(1, 4, len(order)) * np.where(sold, 1, -1)[order]
    price = np.round(np.exp(np.random.default_rng(2).normal(3, 0.8, products)), 2)
    amount = pieces * price[product]
    ids = np.arange(1, len(who) + 1)
    yield pd.DataFrame(
        {
            "order_id": ids,
            "customer_id": who + 1,
            "ordered_on": np.datetime64(AS_OF, "s") - (DAYS - day) * 86_400,
            "kind": np.where(sold, "sale", "return"),
            "status": "confirmed",
            "currency": "EUR",
            "total": np.bincount(order, amount, len(who)),
        }
    )
    columns = {"order_id": ids[order], "product_id": product + 1}
    yield pd.DataFrame(columns | {"quantity": pieces, "amount": amount})


def _tickets(rng: Rng, customers: int) -> pd.DataFrame:
    """One for each customer, on average, over the days; all but a few are solved."""
    opened = np.datetime64(AS_OF, "s") - rng.integers(0, DAYS, customers) * 86_400
    solved = opened + np.timedelta64(3 * 86_400, "s")
    return pd.DataFrame(
        {
            "ticket_id": np.arange(1, customers + 1),
            "customer_id": rng.integers(1, customers + 1, customers),
            "opened_on": opened,
            "solved_on": np.where(
                solved > np.datetime64(AS_OF), np.datetime64("NaT"), solved
            ),
            "kind": rng.choice(["inquiry", "feedback", "problem"], customers),
            "status": "closed",
            "priority": "normal",
            "source": None,
            "owner_id": 1,
        }
    )


def _campaigns(rng: Rng, customers: int) -> Iterator[pd.DataFrame]:
    """One a quarter, each for half of the customers, and its recipients."""
    starts = np.datetime64(AS_OF, "s") - np.arange(DAYS, 0, -91) * 86_400
    ids = np.arange(1, len(starts) + 1)
    yield pd.DataFrame(
        {"campaign_id": ids, "kind": "email", "status": "ended", "starts_on": starts}
    )
    campaign = np.repeat(ids, customers // 2)
    who = [rng.permutation(customers)[: customers // 2] + 1 for _campaign in ids]
    held = rng.random(len(campaign)) < 0.1
    day = starts[campaign - 1]
    yield pd.DataFrame(
        {
            "recipient_id": np.arange(1, len(campaign) + 1),
            "campaign_id": campaign,
            "customer_id": np.concatenate(who),
            "held_out": held,
            "added_on": day,
            "reached_on": np.where(held, np.datetime64("NaT"), day),
            "responded_on": np.datetime64("NaT", "s"),
        }
    )


def _purchases(rng: Rng, customers: int) -> tuple[Any, Any]:
    """Who ordered on which day (0 … `DAYS`), by day: as BG/NBD has it, by purchases.

    A customer buys at a rate of its own, gamma distributed, and leaves after each
    purchase with a chance of its own, beta distributed.
    """
    rate = rng.gamma(0.9, 1 / 75, customers)  # a day
    leave = rng.beta(0.9, 5, customers)
    who, at = np.arange(customers), rng.uniform(0, DAYS, customers)
    found = []
    while len(who):
        found.append((who, at.astype("int64")))
        stays = rng.random(len(who)) >= leave[who]
        who, at = who[stays], at[stays]
        at = at + rng.exponential(1 / rate[who])
        inside = at < DAYS + 1
        who, at = who[inside], at[inside]
    buyers, days = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(days, kind="stable")
    return buyers[order], days[order]


def _baskets(rng: Rng, orders: int, products: int) -> tuple[Any, Any]:
    """Order and product of each line: two in three of the theme of the order."""
    size = 1 + rng.poisson(1.5, orders)
    order = np.repeat(np.arange(orders), size)
    mine = rng.integers(THEMES, size=orders)[order]
    other = rng.integers(THEMES, size=len(order))
    theme = np.where(rng.random(len(order)) < 2 / 3, mine, other)
    in_theme = products // THEMES
    popularity = 1 / np.arange(1, in_theme + 1)
    rank = rng.choice(in_theme, len(order), p=popularity / popularity.sum())
    return order, theme * in_theme + rank


def _customers(rng: Rng, count: int) -> pd.DataFrame:
    ids = np.arange(1, count + 1)
    entered = np.datetime64(AS_OF, "s") - rng.integers(0, DAYS + 1, count) * 86_400
    return pd.DataFrame(
        {
            "customer_id": ids,
            "name": ids.astype(str),
            "kind": rng.choice(["company", "person"], count),
            "country": rng.choice(COUNTRIES, count),
            "sector": rng.choice(np.array(SECTORS, dtype=object), count),
            "source": rng.choice(np.array(SOURCES, dtype=object), count),
            "owner_id": pd.Series([None] * count, dtype="Int64"),
            "walk_in": False,
            "created_on": entered,
        }
    )


def _products(count: int) -> pd.DataFrame:
    ids = np.arange(1, count + 1)
    named = {"product_id": ids, "sku": ids.astype(str), "name": ids.astype(str)}
    theme = (ids - 1) * THEMES // count
    return pd.DataFrame(named | {"category": np.char.add("Theme ", theme.astype(str))})
