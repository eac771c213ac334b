"""Opportunities for tests: with a planted truth, or published."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, tzinfo
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.analytics.calibration import sigmoid
from crm.analytics.churn import churn_boosting
from crm.analytics.deals import win_judging
from crm.analytics.deals.win_landmarks import Past
from crm.frames import (
    CONTACTED,
    ESTIMATES,
    NEXT_STEPS,
    OPPORTUNITIES,
    STAGE_CHANGES,
    STAGES,
    empty,
    typed,
)
from tests.analytics.histories import DATA

NOW = pd.Timestamp("2026-03-02")
STAGE_COUNT = 3  # open ones of the pipeline; then won and lost
WON, LOST = STAGE_COUNT + 1, STAGE_COUNT + 2
DAY = np.timedelta64(86_400, "s")


@contextmanager
def few_trees() -> Iterator[None]:
    """Trees that are grown in an instant, and few looks at what they stand on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(churn_boosting.SETTINGS, "max_iter", 25)
        patch.setattr(win_judging, "TIMES", 1)
        yield


def opportunities(count: int, **columns: Any) -> pd.DataFrame:
    """`count` opportunities opened a day before `NOW`, unless told otherwise."""
    defaults = {
        "opportunity_id": range(1, count + 1),
        "customer_id": range(1, count + 1),
        "pipeline_id": 1,
        "owner_id": 1,
        "stage_id": 1,
        "state": "open",
        "opened_at": NOW - DAY,
        "closed_at": pd.NaT,
        "amount": 1000.0,
        "close_on": pd.NaT,
        "category": "",
        "source": "",
        "competitor": "",
        "won_reason": "",
        "lost_reason": "",
        "product": "",
        "customer_kind": "company",
        "sector": "",
        "country": "",
        "no_rate": False,
    }
    table = pd.DataFrame(defaults | columns, index=range(count))
    return typed(table, OPPORTUNITIES)


def stages(count: int = STAGE_COUNT) -> pd.DataFrame:
    """A pipeline of so many open stages, then won and lost."""
    rows = {
        "stage_id": range(1, count + 3),
        "pipeline_id": 1,
        "pipeline": "Sales",
        "stage": [f"Stage {n}" for n in range(1, count + 1)] + ["Won", "Lost"],
        "position": range(1, count + 3),
        "kind": ["open"] * count + ["won", "lost"],
        "probability": 0.5,
    }
    return typed(pd.DataFrame(rows), STAGES)


def past(table: pd.DataFrame, *, zone: tzinfo = UTC, **parts: Any) -> Past:
    """Opportunities of which nothing else is known, unless told otherwise.

    Parts are rows as dictionaries, or tables.
    """
    schemas = {
        "changes": STAGE_CHANGES,
        "estimates": ESTIMATES,
        "contacted": CONTACTED,
        "steps": NEXT_STEPS,
    }
    made = {
        name: typed(parts[name], schema) if name in parts else empty(schema)
        for name, schema in schemas.items()
    }
    return Past(table, parts.get("stages", stages()), **made, zone=zone)


def opened(table: pd.DataFrame) -> pd.DataFrame:
    """The first move of each: into the first stage, when it was opened."""
    rows = table[["opportunity_id"]].assign(
        at=table["opened_at"], from_stage_id=pd.NA, to_stage_id=1
    )
    return typed(rows, STAGE_CHANGES)


def planted(count: int, seed: int = 1, effect: float = 1.5) -> Past:
    """Opportunities over two years whose chance to be won depends on the source alone.

    Half are from a fair, the odds of which are e ** (2 × effect) times those of the
    others. They move through the stages in the time they take; the newest are open.
    """
    random = np.random.default_rng(seed)
    start = np.datetime64("2024-03-01T09:00:00")
    opened_at = start + random.integers(0, 730 * 86_400, count).astype("timedelta64[s]")
    takes = random.gamma(4, 10, count)
    source = random.choice(["fair", "web"], count)
    p = sigmoid(np.where(source == "fair", effect, -effect))
    wins = random.random(count) < p
    ends = opened_at + (takes * 86_400).astype("timedelta64[s]")
    is_closed = ends <= np.datetime64(NOW)
    state = np.where(is_closed, np.where(wins, "won", "lost"), "open")
    table = opportunities(
        count,
        customer_id=random.integers(1, max(count // 2, 2), count),
        owner_id=random.integers(1, 5, count),
        state=state,
        opened_at=opened_at,
        closed_at=np.where(is_closed, ends, np.datetime64("NaT")),
        source=source,
        sector=random.choice(["Retail", "Health", ""], count),
        amount=random.lognormal(8, 1, count).round(2),
    )
    second = opened(table).assign(
        at=table["opened_at"] + (takes * 40_000).astype("timedelta64[s]"),
        from_stage_id=1,
        to_stage_id=2,
    )
    moves = pd.concat([opened(table), second[second["at"] < NOW]])
    estimates = table[["opportunity_id", "amount", "close_on"]].assign(
        at=table["opened_at"]
    )
    return past(
        table,
        changes=moves.sort_values(["opportunity_id", "at"]),
        estimates=estimates,
    )


def published() -> Past:
    """The sales pipeline of `crm_sales`, where a day of opening is known."""
    folder = DATA / "crm_sales"
    if not folder.exists():
        pytest.skip("needs ../shared/data/crm_sales")
    rows = pd.read_csv(folder / "sales_pipeline.csv").dropna(subset="engage_date")
    accounts = pd.read_csv(folder / "accounts.csv").set_index("account")
    rows = rows.join(accounts, on="account").reset_index(drop=True)
    known = {"Won": "won", "Lost": "lost"}
    table = opportunities(
        len(rows),
        customer_id=pd.factorize(rows["account"].fillna(rows["opportunity_id"]))[0] + 1,
        owner_id=pd.factorize(rows["sales_agent"])[0] + 1,
        state=rows["deal_stage"].map(known).fillna("open"),
        opened_at=pd.to_datetime(rows["engage_date"]),
        closed_at=pd.to_datetime(rows["close_date"]),
        amount=rows["close_value"],
        product=rows["product"],
        sector=rows["sector"].fillna(""),
        country=rows["office_location"].fillna(""),
    )
    return past(table)
