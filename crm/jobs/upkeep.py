"""Once a day: what lay in the recycle bin for long goes, and so do old keys."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from crm.i18n import _
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.jobs.turns import Turns
from crm.models import Reason, utcnow
from crm.services import idempotency, purging

IN_THE_BIN = 30  # days
KEYS_KEPT = timedelta(days=7)


@job("upkeep")
def upkeep(context: JobContext) -> dict[str, Any]:
    """Empty the bin of what is older than 30 days, piece by piece."""
    now = utcnow()

    def some(session: Session) -> int:
        return purging.purge_expired(session, at=now, days=IN_THE_BIN).done

    def keys(session: Session) -> int:
        return idempotency.forget(session, before=now - KEYS_KEPT)

    gone, piece, turns = 0, 0, Turns(context)
    while done := turns.write(f"bin {piece}", some, reason=Reason.PURGE):
        gone, piece = gone + done, piece + 1
        context.progress(0.5, _("Emptying the recycle bin"))
    return {"purged": gone, "keys": context.write("keys", keys, reason=Reason.SYSTEM)}
