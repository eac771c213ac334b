"""Opportunities for tests: the ones of CRM Sales, and small ones made by hand."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crm import frames
from crm.frames import typed

REAL = Path(__file__).parents[3] / "shared/data/crm_sales"
NAMES = {"GTXPro": "GTX Pro"}
STAGES = {"Prospecting": 1, "Engaging": 2, "Won": 3, "Lost": 4}
STATES = {"Won": "won", "Lost": "lost", "Engaging": "open", "Prospecting": "open"}


def made(**columns: Any) -> pd.DataFrame:
    """Opportunities with these columns; in what is not given they are all alike."""
    count = len(next(iter(columns.values())))
    usual: dict[str, Any] = {
        "opportunity_id": range(1, count + 1),
        "customer_id": 1,
        "pipeline_id": 1,
        "owner_id": 1,
        "stage_id": 1,
        "state": "open",
        "opened_at": pd.Timestamp("2026-01-01"),
        "closed_at": pd.NaT,
        "amount": 100.0,
        "close_on": pd.NaT,
        "no_rate": False,
    }
    table = usual | columns
    texts = {name: "" for name, kind in frames.OPPORTUNITIES.items() if kind == "str"}
    return typed(pd.DataFrame(texts | table, index=range(count)), frames.OPPORTUNITIES)


def stages(*names: str) -> pd.DataFrame:
    """Open stages 1, 2, … of pipeline 1, then one to win and one to lose."""
    kinds = ["open"] * len(names) + ["won", "lost"]
    return typed(
        {
            "stage_id": range(1, len(kinds) + 1),
            "pipeline_id": 1,
            "pipeline": "Sales",
            "stage": [*names, "Won", "Lost"],
            "position": range(len(kinds)),
            "kind": kinds,
            "probability": 0.5,
        },
        frames.STAGES,
    )


def moved(*moves: tuple[int, str, int]) -> pd.DataFrame:
    """Stage changes: whose, when, where to."""
    table = pd.DataFrame(moves, columns=["opportunity_id", "at", "to_stage_id"])
    table["from_stage_id"] = table.groupby("opportunity_id")["to_stage_id"].shift()
    return typed(table, frames.STAGE_CHANGES)


@pytest.fixture(scope="session")
def crm_sales() -> pd.DataFrame:
    """The file of the sales pipeline, as published, with sectors joined to it."""
    if not REAL.is_dir():
        pytest.skip("The CRM Sales data set is not there (shared/data/crm_sales).")
    deals = pd.read_csv(REAL / "sales_pipeline.csv")
    accounts = pd.read_csv(REAL / "accounts.csv")[["account", "sector"]]
    return deals.merge(accounts, on="account", how="left")


def of_crm_sales(deals: pd.DataFrame) -> pd.DataFrame:
    """Its rows as `frames.OPPORTUNITIES`; the agent stands in `source`."""
    return made(
        state=deals["deal_stage"].map(STATES),
        stage_id=deals["deal_stage"].map(STAGES),
        opened_at=pd.to_datetime(deals["engage_date"]),
        closed_at=pd.to_datetime(deals["close_date"]),
        amount=deals["close_value"],
        source=deals["sales_agent"],
        product=deals["product"].replace(NAMES),
        sector=deals["sector"].fillna(""),
    )
