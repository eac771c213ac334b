"""All analyses with their usual choices, for a company that has just come in."""

from datetime import date, timedelta

from sqlmodel import Session

from crm.i18n import _
from crm.services import analyses, jobs
from crm.services.analysis_kinds import USUAL

YEAR = timedelta(days=365)


def ask(session: Session, *, today: date) -> None:
    """Have the overview and every analysis computed as of `today`.

    Raises:
        Forbidden: the actor may not make analyses.
    """
    jobs.ask(session, "overview", _("Overview"), {})
    for kind, (title, asked) in USUAL.items():
        since = {"since": (today - YEAR).isoformat()} if "period" in asked else {}
        analyses.ask(session, kind, _(title), asked | since, as_of=today)
