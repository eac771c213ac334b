"""What campaigns mean on a customer's timeline: added or left out, reached, responded.

Read from the recipients themselves, as many of them are added and marked at once, and
the change log then holds one row for all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from crm.models import Recipient
from crm.services.marketing import recipient_lists


class Step(StrEnum):
    """What happened to a customer in a campaign."""

    HELD_OUT = "held_out"
    ADDED = "added"
    REACHED = "reached"
    RESPONDED = "responded"


@dataclass(frozen=True)
class Event:
    """One step; `place` (what it is sorted by, of one moment) is its own."""

    at: datetime
    step: Step
    campaign_id: int
    campaign: str
    place: int


def of_customer(session: Session, customer_id: int) -> list[Event]:
    """The steps of a customer in reach, newest first."""
    found = [
        Event(at, step, campaign.id, campaign.name, row.id * len(Step) + number)
        for campaign, row in recipient_lists.of_customer(session, customer_id)
        for number, (step, at) in enumerate(_steps(row))
    ]
    return sorted(found, key=lambda one: (one.at, one.place), reverse=True)


def _steps(row: Recipient) -> Iterator[tuple[Step, datetime]]:
    yield Step.HELD_OUT if row.held_out else Step.ADDED, row.created_at
    if row.reached_at is not None:
        yield Step.REACHED, row.reached_at
    if row.responded_at is not None:
        yield Step.RESPONDED, row.responded_at
