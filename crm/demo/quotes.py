"""The quotes for what Larkfield tries to sell, version by version, with their lines."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo.leads import full_name
from crm.demo.opportunities import LOST, WON
from crm.demo.opportunity_lines import amounts
from crm.demo.quotes_steps import VALID, answered, sent, versions

KINDS = {  # by how it stands: days that we look back, share that has a quote
    "open": (26, 0.9), "won": (90, 0.25), "lost": (120, 0.45),
}  # fmt: skip
BARGAINED = 0.7  # share of discounts that were given with a second version


def draw_quotes(
    opportunities: pd.DataFrame,
    lines: pd.DataFrame,
    contacts: pd.DataFrame,
    today: date,
    rng: Any,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Quotes by number and version, and their lines.

    The newest of what is open is a draft yet, the oldest has lapsed; what was accepted
    has become an order.

    Args:
        opportunities: as from `draw_opportunities`.
        lines: as from `draw_lines`.
        contacts: `customer_external_id`, `external_id`, and what a name is made of.

    Returns:
        `crm.demo.company.QUOTES`, `crm.demo.company.QUOTE_LINES`.
    """
    now = np.datetime64(today, "s")
    chosen = _addressed(_chosen(opportunities, now, rng), contacts)
    discount = lines.groupby("opportunity")["discount"].first()
    chosen["discount"] = discount.reindex(chosen["opportunity"]).to_numpy()
    chosen = answered(sent(chosen, now, KINDS["open"][0], rng), now, rng)
    bargained = (chosen["discount"] > 0) & (rng.random(len(chosen)) < BARGAINED)
    quotes = versions(chosen, bargained.to_numpy(), rng)
    quotes["offer"] = pd.factorize(quotes["opportunity"])[0]
    return quotes, _lines(quotes, lines)


def _chosen(table: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """The opportunities that are quoted; `until` is when they ended, or now."""
    kind = np.select(
        [table["stage"] == WON, table["stage"] == LOST], ["won", "lost"], "open"
    )
    until = table["closed_at"].fillna(pd.Timestamp(now))
    back, share = (
        pd.Series(kind).map({k: v[n] for k, v in KINDS.items()}) for n in (0, 1)
    )
    fits = table["entered_2"].notna() & ((pd.Timestamp(now) - until).dt.days < back)
    fits &= (kind == "open") | ((until - table["entered_2"]).dt.days < VALID)
    fits &= rng.random(len(table)) < share
    columns = ["customer_external_id", "entered_2", "lost_reason"]
    found = table[columns].assign(kind=kind, until=until)[fits]
    return found.reset_index(names="opportunity")


def _addressed(table: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """To the first contact of each customer."""
    first = contacts.drop_duplicates("customer_external_id")
    first = first.assign(person=full_name(first)).set_index("customer_external_id")
    known = first.reindex(table["customer_external_id"])
    return table.assign(
        contact_external_id=known["external_id"].fillna("").to_numpy(),
        person=known["person"].fillna("").to_numpy(),
    )


def _lines(quotes: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    wanted = quotes.reset_index(names="quote")[["quote", "opportunity", "discount"]]
    table = wanted.merge(lines.drop(columns=["discount", "amount"]), on="opportunity")
    columns = (table[name] for name in ("quantity", "unit_price", "discount"))
    return table.assign(amount=amounts(*columns))
