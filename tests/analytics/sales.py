"""Opportunities by a known law, as the tables of `crm.frames`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.analytics.deals.sales_book import Book, book
from crm.frames import ESTIMATES, OPPORTUNITIES, STAGE_CHANGES, STAGES, typed

NOW = pd.Timestamp("2026-03-01")
STAGES_OF = typed(
    [
        (1, 1, "Sales", "Prospecting", 1, "open", 0.1),
        (2, 1, "Sales", "Proposal", 2, "open", 0.5),
        (3, 1, "Sales", "Won", 3, "won", 1.0),
        (4, 1, "Sales", "Lost", 4, "lost", 0.0),
    ],
    STAGES,
)
WON, LOST = 3, 4


@dataclass(frozen=True)
class Deal:
    """One opportunity: days before `NOW` of what happened, and what was stated.

    `ended` is None while it is open; `said` are (days before, amount, days from NOW to
    the expected day), the first when it was opened.
    """

    opened: float
    ended: float | None = None
    won: bool = False
    amount: float | None = 1000.0
    proposal: float | None = None
    said: tuple[tuple[float, float | None, float | None], ...] = ()
    owner: int | None = 1


def ago(days: float) -> pd.Timestamp:
    return NOW - pd.Timedelta(days=days)


def of(*deals: Deal) -> Book:
    """The book of these, numbered from 1."""
    rows, moves, said = [], [], []
    for number, deal in enumerate(deals, 1):
        stage = 1 if deal.proposal is None else 2
        if deal.ended is not None:
            stage = WON if deal.won else LOST
        rows.append(
            {
                "opportunity_id": number,
                "owner_id": deal.owner,
                "stage_id": stage,
                "state": {WON: "won", LOST: "lost"}.get(stage, "open"),
                "opened_at": ago(deal.opened),
                "closed_at": None if deal.ended is None else ago(deal.ended),
                "amount": deal.said[-1][1] if deal.said else deal.amount,
                "close_on": pd.NaT,
            }
        )
        way = [(deal.opened, 1), (deal.proposal, 2), (deal.ended, stage)]
        moves += [(number, ago(at), None, to) for at, to in way if at is not None]
        stated = deal.said or ((deal.opened, deal.amount, None),)
        said += [
            (number, ago(at), worth, None if day is None else ago(-day).normalize())
            for at, worth, day in stated
        ]
    return book(
        opportunities(pd.DataFrame(rows)),
        STAGES_OF,
        typed(moves, STAGE_CHANGES),
        typed(said, ESTIMATES),
    )


def opportunities(given: Any) -> pd.DataFrame:
    """As `frames.OPPORTUNITIES`, empty or zero where nothing is given."""
    usual: dict[str, Any] = {"str": "", "bool": False, "int64": 0}
    table = pd.DataFrame(given)
    blank = {
        name: usual.get(kind)
        for name, kind in OPPORTUNITIES.items()
        if name not in table
    }
    return typed(table.assign(**blank), OPPORTUNITIES)


def steady(
    seed: int, *, a_day: float = 2.0, days: int = 900, wins: float = 0.4
) -> Book:
    """A business whose laws never change: gamma cycles, dates that slip, log-normal
    amounts that are stated a tenth too high at first."""
    rng = np.random.default_rng(seed)
    count = int(a_day * days)
    opened = rng.uniform(0, days, count)
    takes, slip = rng.gamma(2.0, 25.0, count), rng.normal(10, 15, count)
    won, amount = rng.random(count) < wins, rng.lognormal(8, 0.7, count)
    halves = rng.uniform(0.2, 0.8, count)
    deals = []
    for n in range(count):
        end = opened[n] - takes[n]
        middle = opened[n] - takes[n] * halves[n]
        deals.append(
            Deal(
                opened[n],
                end if end > 0 else None,
                bool(won[n]),
                proposal=middle if middle > 0 else None,
                said=((opened[n], amount[n] * 1.1, slip[n] - end),)
                + (((end, amount[n], slip[n] - end),) if end > 0 else ()),
            )
        )
    return of(*deals)


REAL = Path(__file__).parents[3] / "shared/data/crm_sales/sales_pipeline.csv"


def published() -> Book:
    """CRM Sales: opened on the day of engagement, without amount or day while open."""
    if not REAL.exists():
        pytest.skip("The CRM Sales data set is not there (shared/data/crm_sales).")
    rows = pd.read_csv(REAL, parse_dates=["engage_date", "close_date"])
    rows = rows.dropna(subset="engage_date").reset_index(drop=True)
    ids, stage = rows.index + 1, rows["deal_stage"].map({"Won": WON, "Lost": LOST})
    won = stage == WON
    table = opportunities(
        {
            "opportunity_id": ids,
            "owner_id": pd.factorize(rows["sales_agent"])[0] + 1,
            "stage_id": stage.fillna(1),
            "state": stage.map({WON: "won", LOST: "lost"}).fillna("open"),
            "opened_at": rows["engage_date"],
            "closed_at": rows["close_date"],
            "amount": rows["close_value"].where(won),
            "close_on": pd.NaT,
        }
    )
    moves = pd.DataFrame({"opportunity_id": ids, "from_stage_id": None})
    ended = stage.notna()
    changes = pd.concat(
        [
            moves.assign(at=rows["engage_date"], to_stage_id=1),
            moves.assign(at=rows["close_date"], to_stage_id=stage)[ended],
        ]
    )
    nothing = pd.DataFrame({"opportunity_id": ids, "at": rows["engage_date"]})
    said = nothing.assign(amount=np.nan, close_on=pd.NaT)
    return book(table, STAGES_OF, typed(changes, STAGE_CHANGES), typed(said, ESTIMATES))
