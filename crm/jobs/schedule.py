"""What is done by the clock: a job in each period, however many workers there are.

The key of a job names its period, so that asking twice is asking once. What was due
while no worker ran is not made up for.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from crm import db
from crm.i18n import N_, _
from crm.models import SYSTEM, Analysis, Job, JobState, Reason, utcnow
from crm.services import days, jobs

EVERY: dict[str, tuple[timedelta, str]] = {  # by the kind of job; the title
    "warehouse": (timedelta(hours=1), N_("Refresh of the copy for analysis")),
    "overview": (timedelta(days=1), N_("Overview")),
    "alerts": (timedelta(days=1), N_("Alerts")),
    "suggestions": (timedelta(days=1), N_("Suggestions")),
    "win_chance": (timedelta(days=1), N_("Win probability")),
    "lead_score": (timedelta(days=1), N_("Lead scores")),
    "campaign_effects": (timedelta(days=1), N_("Effects of campaigns")),
    "renewals": (timedelta(days=1), N_("Renewals of subscriptions")),
    "upkeep": (timedelta(days=1), N_("Upkeep")),
    "waiting_mail": (timedelta(minutes=5), N_("Waiting mail")),
}
KEPT = timedelta(days=30)  # analyses that nobody but the clock asked for

_asked: dict[str, str] = {}  # the last key of each kind that this process asked for


def ask_due(*, at: datetime) -> None:
    """Ask for what is due in the period of `at`.

    Raises:
        Unavailable: the database does not answer.
    """
    today = days.day_of(at)
    arguments = {"as_of": today.isoformat(), "parameters": {}}  # of an analysis
    for kind, (period, title) in EVERY.items():
        key = f"{kind}:{int(at.timestamp() // period.total_seconds())}"
        if _asked.get(kind) != key:
            with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
                asked = jobs.ask(session, kind, _(title), arguments, key=key)
                _forget_earlier(session, asked)
            _asked[kind] = key


def _forget_earlier(session: Session, asked: Job) -> None:
    """Keep the lists short: the earlier ones that were done go, and what they made."""
    made = delete(Analysis).where(
        col(Analysis.kind) == asked.kind,
        col(Analysis.owner_id).is_(None),
        col(Analysis.created_at) < utcnow() - KEPT,
    )
    session.connection().execute(made)
    earlier = delete(Job).where(
        col(Job.kind) == asked.kind,
        col(Job.key).startswith(jobs.SYSTEM_KEY),
        col(Job.id) < asked.id,
        col(Job.state) == JobState.DONE,
    )
    session.connection().execute(earlier)
