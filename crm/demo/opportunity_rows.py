"""The opportunities of the demo company as records, with their moves and next steps."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd

from crm.config import settings
from crm.demo.opportunities import STAGES, WON
from crm.models import LostReason, Stage, StageKind, WonReason


def record(row: dict[str, Any], stages: list[Stage]) -> dict[str, Any]:
    """The fields of one opportunity, but for its customer and owner.

    Args:
        row: of `crm.demo.company.OPPORTUNITIES`.
        stages: those of the usual pipeline, in their order.
    """
    stage, closed_at = stages[row["stage"]], _moment(row["closed_at"])
    return {
        "name": row["name"],
        "pipeline_id": stage.pipeline_id,
        "stage_id": stage.id,
        "state": StageKind(stage.kind),
        "stage_since": moves(row)[-1][1],
        "amount": None if row["amount"] < 0 else Decimal(row["amount"]).scaleb(-4),
        "currency": settings().currency,
        "close_on": row["close_on"].date(),
        "source": row["source"],
        "competitor": row["competitor"],
        "lost_reason": LostReason(row["lost_reason"]) if row["lost_reason"] else None,
        "won_reason": WonReason(row["won_reason"]) if row["won_reason"] else None,
        "closed_at": closed_at,
    }


def moves(row: dict[str, Any]) -> list[tuple[int, datetime]]:
    """The place of each stage it has entered, and when."""
    entered = [(step, _moment(row[f"entered_{step}"])) for step in range(STAGES)]
    known = [(step, at) for step, at in entered if at is not None]
    if (closed_at := _moment(row["closed_at"])) is not None and row["stage"] >= WON:
        known.append((row["stage"], closed_at))
    return known


def task(row: dict[str, Any]) -> dict[str, Any] | None:
    """Its next step as an activity, done where it has ended; None without a plan."""
    if pd.isna(row["step_on"]):
        return None
    at = moves(row)[0][1]
    due = datetime.combine(row["step_on"].date(), time(15), at.tzinfo)
    return {
        "kind": "task",
        "subject": f"Next step: {row['name']}",
        "at": at,
        "due_at": due,
        "done_at": due if row["stage"] >= WON else None,
    }


def _moment(value: Any) -> datetime | None:
    return None if pd.isna(value) else value.to_pydatetime()
