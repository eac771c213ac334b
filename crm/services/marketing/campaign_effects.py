"""The measured effects of campaigns, as the newest analysis has them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from crm.analytics.campaign_effect import Watched, of_row
from crm.services import analyses

KIND = "campaign_effects"


@dataclass(frozen=True)
class Measured:
    """What was found of one campaign, as of a day, from data of `data_at`."""

    as_of: date
    data_at: datetime | None
    watched: Watched


def measured(session: Session, campaign_id: int, days: int) -> Measured | None:
    """The effect of a campaign in the `days` after; None where none was computed, or
    the campaign had nobody yet when it was."""
    if (found := analyses.latest(session, KIND)) is None:
        return None
    table = analyses.table(session, found.id, "effects")
    mine = (table["campaign_id"] == campaign_id) & (table["days"] == days)
    rows = table[mine].to_dict("records")
    if not rows:
        return None
    return Measured(found.as_of, found.data_at, of_row(rows[0]))
