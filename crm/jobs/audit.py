"""Go through the whole change log, and say whether it is as it was written."""

from typing import Any

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.services import audit


@job("verify_log")
def verify_log(context: JobContext) -> dict[str, Any]:
    """Every seal recomputed; a log that was tampered with fails the job, in words."""
    context.progress(0.05, _("Checking the seals"))
    with db.reading(context.actor) as session:
        found = audit.verify(session)
    if not found.ok:
        words = _("The log is not as it was written, from operation {n} on: {why}")
        raise RuleBroken(words.format(n=found.broken_at or "?", why=found.why or ""))
    return {"operations": found.operations}
