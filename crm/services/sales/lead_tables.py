"""Leads as analyses read them: `frames.LEADS`, each as it was when it came in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import inspect, select
from sqlmodel import Session, col

from crm import frames
from crm.config import settings
from crm.frames import typed
from crm.models import Change, Deed, Lead, LeadStatus, Operation
from crm.services.sales.lead_domains import is_own

TOLD = ("source", "company", "email", "phone", "notes")
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""A character of Chinese or Japanese counts as a word: they are not set apart."""


@dataclass
class Edits:
    """What the change log says of leads that were edited, by their ids.

    `before` holds what was there before the first edit of a field; `disqualified` the
    moment when that was last done.
    """

    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    disqualified: dict[int, datetime] = field(default_factory=dict)


def leads(session: Session) -> pd.DataFrame:
    """All leads in the actor's reach, as in `frames.LEADS`.

    What was edited since is taken back by the change log. Of leads that were imported
    as disqualified, the log does not know when that was done: they ended when they
    were last changed.
    """
    lead = Lead
    statement = select(
        col(lead.id),
        col(lead.owner_id),
        col(lead.created_at),
        col(lead.status),
        col(lead.converted_at),
        col(lead.updated_at),
        col(lead.web_form_id),
        *(col(getattr(lead, name)) for name in TOLD),
    ).order_by(col(lead.id))
    found = session.execute(statement).all()
    edits = _edits(session, {row[0] for row in found})
    rows = [_row(row._mapping, edits) for row in found]
    return typed(pd.DataFrame(rows, columns=list(frames.LEADS)), frames.LEADS)


def _row(row: Any, edits: Edits) -> dict[str, Any]:
    told = {name: row[name] for name in TOLD} | edits.before.get(row["id"], {})
    created = row["created_at"]
    here = created.astimezone(ZoneInfo(settings().timezone))
    return {
        "lead_id": row["id"],
        "owner_id": row["owner_id"],
        "created_at": _naive(created),
        "status": row["status"].value,
        "ended_at": _naive(_end(row, edits)),
        "source": told["source"] or "",
        "has_company": bool(told["company"]),
        "has_email": bool(told["email"]),
        "has_phone": bool(told["phone"]),
        "own_domain": is_own(told["email"]),
        "words": len(WORD.findall(told["notes"] or "")),
        "by_form": row["web_form_id"] is not None,
        "arrived_at": here.replace(tzinfo=None, microsecond=0),
    }


def _end(row: Any, edits: Edits) -> datetime | None:
    found: datetime | None = None
    if row["status"] is LeadStatus.CONVERTED:
        found = row["converted_at"]
    elif row["status"] is LeadStatus.DISQUALIFIED:
        found = edits.disqualified.get(row["id"], row["updated_at"])
    return found


def _naive(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=None, microsecond=0)


def _edits(session: Session, ids: set[int]) -> Edits:
    """Of leads in reach; the log of a lead without a customer would not be."""
    made = Edits()
    for record_id, before, after, at in _changes(session):
        if record_id not in ids:
            continue
        told = {name: old for name, old in (before or {}).items() if name in TOLD}
        made.before[record_id] = told | made.before.get(record_id, {})
        if (after or {}).get("status") == LeadStatus.DISQUALIFIED.value:
            made.disqualified[record_id] = at
    return made


def _changes(session: Session) -> Iterator[Any]:
    """Past the session: lead, before, after, when; the oldest first."""
    log, operation = inspect(Change).local_table.c, inspect(Operation).local_table.c
    statement = (
        select(log.record_id, log.before, log.after, operation.at)
        .join_from(log.id.table, operation.id.table, operation.id == log.operation_id)
        .where(log.entity == "lead", log.deed == Deed.UPDATE)
        .order_by(log.id)
    )
    yield from session.connection().execute(statement)
