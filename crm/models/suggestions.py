"""Suggestions: whom to act on, what to do, and why; some are left alone on purpose."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.errors import RuleBroken
from crm.i18n import N_, _
from crm.models.base import Record
from crm.models.types import Amount, Id, Instant, Json, stored

SHOWN_FOR = timedelta(days=14)  # then it is past its time
WATCHED_FOR = timedelta(days=28)  # what a customer buys in these days is its outcome


class SuggestionKind(StrEnum):
    """What is suggested."""

    WIN_BACK = "win_back"  # will probably not order: get in touch
    NEXT_PRODUCT = "next_product"  # offer what goes with what was bought


class SuggestionState(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WRONG = "wrong"
    LEFT_ALONE = "left_alone"  # never shown, drawn by lot, to measure the others by


class Suggestion(Record, table=True):
    """One thing to do for one customer, found by an analysis on a day.

    `worth` is in the book currency: what is at stake, not what is certain. `facts`
    are plain data that its words are made of.
    """

    __tablename__ = "suggestion"
    __label__: ClassVar = N_("Suggestion")
    __table_args__ = (
        UniqueConstraint("customer_id", "kind", "made_on"),
        Index(None, "state", "made_on"),
    )
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"facts"}

    customer_id: int = Field(foreign_key="customer.id", ondelete="CASCADE", sa_type=Id)
    kind: SuggestionKind = Field(sa_type=stored(SuggestionKind))
    made_on: date
    worth: Decimal = Field(sa_type=Amount)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: SuggestionState = Field(
        default=SuggestionState.OPEN, sa_type=stored(SuggestionState)
    )
    snoozed_until: date | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = Field(
        default=None, foreign_key="app_user.id", ondelete="SET NULL", sa_type=Id
    )
    activity_id: int | None = Field(
        default=None,
        foreign_key="activity.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    analysis_id: int | None = Field(
        default=None, foreign_key="analysis.id", ondelete="SET NULL", sa_type=Id
    )

    def decide(self, state: SuggestionState, user_id: int | None, at: datetime) -> None:
        """Accept it or call it wrong, once.

        Raises:
            RuleBroken: that has been done, or it is left alone on purpose.
        """
        if self.state is not SuggestionState.OPEN:
            raise RuleBroken(_("This suggestion has been dealt with."))
        self.state, self.decided_by, self.decided_at = state, user_id, at
