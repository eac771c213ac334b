"""All analyses with their usual choices, for a company that has just come in."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from crm.i18n import N_, _
from crm.services import analyses, jobs

USUAL: dict[str, tuple[str, dict[str, Any]]] = {  # kind: its title, what is asked
    "segmentation": (
        N_("Segmentation"),
        {"features": ["recency", "frequency", "monetary"]},
    ),
    "association_rules": (
        N_("Association rules"),
        {
            "min_support": 0.005,
            "max_items": 3,
            "min_confidence": 0.1,
            "check": "later",
            "period": "year",
        },
    ),
    "churn": (N_("Churn"), {"horizon": 90}),
}
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
