"""The sales forecast: what open opportunities, and new ones, will bring by the month.

Chances of the stages (`sales_chances`), days from the slip of the past (`sales_slip`)
and new opportunities (`sales_arrivals`) are drawn some thousand times; the 10th, 50th
and 90th hundredth of what comes out are the forecast. That chances are learned from
few, and so may be off, is drawn too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.deals import sales_arrivals, sales_slip
from crm.analytics.deals.sales_book import UNKNOWN, Book
from crm.analytics.deals.sales_chances import odds
from crm.analytics.deals.sales_known import FEWEST, Horizon, Known, horizon, owned
from crm.analytics.deals.sales_simulation import simulate
from crm.analytics.deals.sales_slip import Deck
from crm.frames import Schema, typed

DRAWS = 10_000
SEED = 1
LEVELS = (0.1, 0.5, 0.9)

EXPECTED: Schema = {  # one row per group, period and part
    "about": "str",  # whose: "" everyone's, else the key of the group
    "unit": "str",  # month or quarter
    "period": "datetime64[s]",  # its first day
    "part": "str",  # open, new (not opened yet), or all: both, and what is won
    "won": "float64",  # in the period before the moment, base currency; in open and all
    "p10": "float64",
    "p50": "float64",
    "p90": "float64",
    "mean": "float64",
}
ASSUMED: Schema = {  # one row per open opportunity
    "opportunity_id": "int64",
    "chance": "float64",  # to be won in the end
    "by_model": "bool",
    "within": "float64",  # chance to be won within the horizon
}
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SalesForecast:
    """What is expected from a moment on; tables as `EXPECTED`, `ASSUMED`,
    `sales_chances.STAGE_CHANCES`, `sales_slip.SLIPS`, and counts for the notes."""

    expected: pd.DataFrame
    assumed: pd.DataFrame
    chances: pd.DataFrame
    slips: pd.DataFrame
    facts: dict[str, float]


def draw(
    known: Known,
    ahead: Horizon,
    owners: Collection[int] | None = None,
    *,
    draws: int = DRAWS,
) -> dict[str, Floats]:
    """What the open and the new ones of `owners` (all) bring, by future and month."""
    rng = np.random.default_rng(SEED)
    book, open_ = known.book.opportunities, known.open
    mine = owned(open_["owner_id"], owners)
    found = simulate(known.groups(mine, draws, rng), ahead.month_of, draws, rng)
    begun = book["opened_on"].min()
    opened = book.loc[owned(book["owner_id"], owners), "opened_on"]
    coming = sales_arrivals.arrivals(opened, begun, known.moment)
    usual = known.chances.usual(UNKNOWN)
    shift = known.chances.shifts([UNKNOWN], draws, rng)[UNKNOWN]
    chance = shift * odds(usual) / (1 + shift * odds(usual))
    own = known.won.loc[owned(known.won["owner_id"], owners), "amount"]
    amounts = own if len(own) >= FEWEST else known.won["amount"]
    new = sales_arrivals.simulate(
        coming, chance, known.cycle, amounts.to_numpy(), ahead.month_of, rng
    )
    return {"open": found, "new": new}


def forecast(
    book: Book,
    *,
    moment: pd.Timestamp,
    quarters: int,
    groups: Mapping[str, Collection[int] | None],
    by_model: pd.Series | None = None,
    draws: int = DRAWS,
) -> SalesForecast:
    """What comes from `moment` on, for everyone and each group of owners.

    Args:
        groups: by key, the ids of the owners; None means all, also of nobody.

    Raises:
        NotEnoughData: too few closed opportunities, or too short a history.
    """
    seen = sales_slip.seen(book, moment)
    known = Known(book, moment, seen, by_model)
    ahead = horizon(moment, quarters)
    found = []
    for about, owners in groups.items():
        drawn = draw(known, ahead, owners, draws=draws)
        won = won_before(known.closed, ahead, owners)
        found.append(summed(drawn, won, ahead).assign(about=about))
    return SalesForecast(
        typed(pd.concat(found, ignore_index=True), EXPECTED),
        _assumed(known, len(ahead.month_of)),
        known.chances.table,
        _slips(known.decks),
        _facts(known),
    )


def won_before(
    closed: pd.DataFrame, ahead: Horizon, owners: Collection[int] | None
) -> dict[str, float]:
    """What is won already in the month, and in the quarter, of the moment."""
    won = closed[closed["won"] & owned(closed["owner_id"], owners)]
    found = {}
    for unit, letter in (("month", "M"), ("quarter", "Q")):
        since = ahead.moment.to_period(letter).start_time
        found[unit] = float(won.loc[won["closed_on"] >= since, "amount"].sum())
    return found


def summed(
    drawn: Mapping[str, Floats], won: Mapping[str, float], ahead: Horizon
) -> pd.DataFrame:
    """Hundredths by month and by quarter: `EXPECTED` without `about`."""
    rows = []
    drawn = {**drawn, "all": drawn["open"] + drawn["new"]}
    for unit, letter in (("month", "M"), ("quarter", "Q")):
        of_month = ahead.months.asfreq(letter)
        for period in of_month.unique():
            here = np.flatnonzero(of_month == period)
            for part, totals in drawn.items():
                known = won[unit] if period == of_month[0] and part != "new" else 0.0
                sums = totals[:, here].sum(axis=1) + known
                p10, p50, p90 = np.quantile(sums, LEVELS)
                rows.append({
                    "unit": unit, "period": period.start_time, "part": part,
                    "won": known, "p10": p10, "p50": p50, "p90": p90,
                    "mean": sums.mean(),
                })  # fmt: skip
    return pd.DataFrame(rows)


def _assumed(known: Known, days: int) -> pd.DataFrame:
    within = np.zeros(len(known.open))
    for deck, rows in known.decks:
        group = known.group(deck, rows, np.ones(1))
        within[rows] = group.within(days) / len(deck.offsets)
    table = {
        "opportunity_id": known.open["opportunity_id"],
        "chance": known.chance,
        "by_model": known.is_modelled,
        "within": known.chance * within,
    }
    return typed(table, ASSUMED)


def _slips(decks: list[tuple[Deck, npt.NDArray[np.intp]]]) -> pd.DataFrame:
    rows = [
        (deck.kind, deck.won, *np.quantile(deck.offsets, (0.25, 0.5, 0.75)))
        for deck, _rows in decks
    ]
    return typed(rows, sales_slip.SLIPS)


def _facts(known: Known) -> dict[str, float]:
    return {
        "closed": len(known.closed),
        "won": int(known.closed["won"].sum()),
        "open": len(known.open),
        "without_amount": int(known.open["amount"].isna().sum()),
        "without_day": int(known.open["ahead"].isna().sum()),
        "by_model": int(known.is_modelled.sum()),
    }
