"""Campaigns of the demo company into the database, with their recipients."""

from typing import Any

import pandas as pd
from sqlmodel import Session

from crm.demo import writing
from crm.demo.company import DemoCompany
from crm.demo.rows import amount, prepared
from crm.models import Campaign, Recipient, utcnow


def write(session: Session, company: DemoCompany) -> int:
    """All campaigns; how many recipients they have."""
    ids = writing.kept(session, Campaign, _campaigns(session, company))
    run = writing.run_of(session)
    customers = writing.customer_ids(session, run)
    rows = [
        _recipient(row, ids[row["campaign"]], customers)
        for row in company.recipients.to_dict("records")
    ]
    return writing.batch(session, Recipient, rows, run) if rows else 0


def _campaigns(session: Session, company: DemoCompany) -> list[dict[str, Any]]:
    owners, at = writing.users(session), utcnow()
    rows = []
    for row in company.campaigns.to_dict("records"):
        row["owner_id"] = owners.get(row.pop("owner"))
        row |= {name: row[name].date() for name in ("starts_on", "ends_on")}
        row |= {name: amount(row[name]) for name in ("budget", "cost")}
        rows.append(prepared(Campaign, row, at))
    return rows


def _recipient(
    row: dict[str, Any], campaign_id: int, customers: dict[str, int]
) -> dict[str, Any]:
    times = {
        name: None if pd.isna(row[name]) else row[name].to_pydatetime()
        for name in ("added_at", "reached_at", "responded_at")
    }
    added = times.pop("added_at")
    given = {
        "campaign_id": campaign_id,
        "customer_id": customers[row["customer_external_id"]],
        "held_out": row["held_out"],
    }
    return {**given, **times, "created_at": added, "updated_at": added, "version": 1}
