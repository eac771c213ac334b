"""The opportunities of the demo company as records, with all that hangs on them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from crm.demo.money_rates import Rates
from crm.demo.opportunities import STAGES, WON
from crm.demo.rows import amount
from crm.models import (
    ForecastCategory,
    LostReason,
    Stage,
    StageKind,
    WonReason,
)


def record(row: dict[str, Any], stages: list[Stage], rates: Rates) -> dict[str, Any]:
    """The fields of one opportunity, but for its customer and owner.

    Args:
        row: of `crm.demo.company.OPPORTUNITIES`.
        stages: those of the usual pipeline, in their order.
    """
    stage, way = stages[row["stage"]], moves(row)
    called, lost, won = row["category"], row["lost_reason"], row["won_reason"]
    return {
        "name": row["name"],
        "pipeline_id": stage.pipeline_id,
        "stage_id": stage.id,
        "state": StageKind(stage.kind),
        "stage_since": way[-1][1],
        "amount": None if row["amount"] < 0 else amount(row["amount"]),
        **rates.at(row["currency"], way[0][1].date()),
        "close_on": row["close_on"].date(),
        "forecast_category": ForecastCategory(called) if called else None,
        "source": row["source"],
        "competitor": row["competitor"],
        "lost_reason": LostReason(lost) if lost else None,
        "won_reason": WonReason(won) if won else None,
        "closed_at": moment(row["closed_at"]),
    }


def moves(row: dict[str, Any]) -> list[tuple[int, datetime]]:
    """The place of each stage it has entered, and when."""
    entered = [(step, moment(row[f"entered_{step}"])) for step in range(STAGES)]
    known = [(step, at) for step, at in entered if at is not None]
    if (closed_at := moment(row["closed_at"])) is not None and row["stage"] >= WON:
        known.append((row["stage"], closed_at))
    return known


def line(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of one line, but for its document and product."""
    return {
        "position": row["position"],
        "quantity": Decimal(row["quantity"]),
        "unit_price": amount(row["unit_price"]),
        "discount": Decimal(row["discount"]).scaleb(-2),
        "amount": amount(row["amount"]),
    }


def estimate(row: dict[str, Any], rate: Decimal) -> dict[str, Any]:
    """The fields of one estimate, but for its opportunity; at the opportunity's rate.

    Args:
        row: of `crm.demo.company.ESTIMATES`.
    """
    worth = None if row["amount"] < 0 else round(amount(row["amount"]) * rate, 4)
    return {
        "at": moment(row["at"]),
        "base_amount": worth,
        "close_on": row["close_on"].date(),
    }


def talk(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of one activity, but for its links.

    Args:
        row: of `crm.demo.company.TALKS`.
    """
    times = {name: moment(row[name]) for name in ("at", "due_at", "done_at")}
    return {"kind": row["kind"], "subject": row["subject"]} | times


def moment(value: Any) -> datetime | None:
    """A time as records have it; None for NaT."""
    return None if pd.isna(value) else value.to_pydatetime()
