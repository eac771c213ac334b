"""The scores of open leads in the background: which to call first, and why."""

from dataclasses import asdict
from datetime import UTC, date
from typing import Any

from crm import db
from crm.analytics.deals import lead_score as analytics
from crm.analytics.deals.lead_score import LeadScore
from crm.analytics.deals.win_models import FOLDS, SEED
from crm.errors import RuleBroken
from crm.i18n import _
from crm.jobs.analyses import analysis, evening, progress
from crm.jobs.context import JobContext
from crm.jobs.versions import made_with
from crm.models import utcnow
from crm.services import analyses, days
from crm.services.analyses import Made
from crm.services.sales import lead_scores, lead_tables
from crm.services.sales.lead_scores import KIND
from crm.warehouse import House

RIDGE = 1.0  # as `churn_models.logistic` has it


@analysis(KIND)
def compute(context: JobContext, _house: House, as_of: date) -> Made:
    """As of the end of a day, of the leads that the actor sees.

    As of today, and where all are seen, each open lead is given its score.

    Raises:
        RuleBroken: of a segment only; leads are no customers.
    """
    if context.arguments["parameters"].get(analyses.SEGMENT):
        raise RuleBroken(_("Leads are no customers yet: no segment has any."))
    now = utcnow()
    with db.reading(context.actor) as session:
        leads = lead_tables.leads(session)
    told = progress(context, _("Learning from leads of the past"))
    at = evening(as_of, now=now)
    found = analytics.evaluate(leads, at=at, on_progress=told)
    if as_of >= days.day_of(now) and lead_scores.may_store(context.actor):
        chances = found.scores.set_index("lead_id")["probability"]
        scores = {int(key): float(one) for key, one in chances.items()}
        context.write("scores", lead_scores.store, scores)
    return made(found)


def made(found: LeadScore) -> Made:
    """What is kept of it.

    Tables: `scores`, `coefficients`, `importances` as in `LeadScore`, and
    `reliability` of the model. The summary has its other fields, of each `Evaluation`
    the figures without the curves.
    """
    split_at, base = found.split_at, found.counts.base_rate
    split_on = days.day_of(split_at.replace(tzinfo=UTC)) if split_at else None
    summary = {
        "why_not": asdict(found.why_not) if found.why_not else None,
        "counts": asdict(found.counts),
        "base_rate": asdict(base) if base else None,
        "split_on": split_on.isoformat() if split_on else None,
        "judged": {name: one.figures() for name, one in found.judged.items()},
        "notes": [asdict(note) for note in found.notes],
        "card": card(found),
    }
    tables = {
        "scores": found.scores,
        "coefficients": found.coefficients,
        "importances": found.importances,
    }
    if model := found.judged.get("model"):
        tables["reliability"] = model.reliability
    return Made(summary, tables)


def card(found: LeadScore) -> dict[str, Any]:
    """What was made by what, as plain data: versions, features, settings."""
    return {
        **made_with(),
        "features": list(found.features),
        "settings": {"seed": SEED, "folds": FOLDS, "ridge": RIDGE},
    }
