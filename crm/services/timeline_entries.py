"""What stands on a timeline, and in which order."""

from dataclasses import dataclass, field
from datetime import datetime

from crm.errors import Invalid
from crm.i18n import _
from crm.models import Activity, Reason, folded
from crm.services.changes import FieldChange
from crm.services.marketing.campaign_events import Event

CHANGES = "change"
CAMPAIGNS = "campaign"
EVENT, ACTIVITY, CHANGE = 2, 1, 0  # of the same instant, the event comes first

Place = tuple[datetime, int, int]


@dataclass(frozen=True)
class Entry:
    """One thing on the timeline: an activity, or what one operation changed."""

    at: datetime
    kind: str  # an activity's kind, “change” or “campaign”
    who: str = ""
    activity: Activity | None = None
    event: Event | None = None
    operation_id: int | None = None
    reason: Reason | None = None
    note: str | None = None
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """What the timeline is sorted by."""
        if self.activity is not None:
            return self.at, ACTIVITY, self.activity.id
        if self.event is not None:
            return self.at, EVENT, self.event.place
        return self.at, CHANGE, self.operation_id or 0

    @property
    def key(self) -> str:
        """Names the place of this entry: what comes before it is asked for by it."""
        at, rank, number = self.place
        return f"{at.isoformat()}~{rank}~{number}"

    def mentions(self, words: str) -> bool:
        """Whether folded `words` stand in a text or in a changed value."""
        parts = [self.who, self.note or ""]
        if self.activity is not None:
            parts += [self.activity.subject, self.activity.body or ""]
        if self.event is not None:
            parts.append(self.event.campaign)
        for change in self.changes:
            values = (change.name, change.record, change.before, change.after)
            parts += [str(value) for value in values if value is not None]
        return words in folded("\n".join(parts))


def place_of(key: str | None) -> Place | None:
    """The place that an entry's `key` names.

    Raises:
        Invalid: it names none.
    """
    if key is None:
        return None
    try:
        at, rank, number = key.split("~")
        return datetime.fromisoformat(at), int(rank), int(number)
    except ValueError as error:
        raise Invalid(_("This is no place on the timeline.")) from error
