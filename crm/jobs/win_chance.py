"""The chance to win in the background: which open opportunities, why, and how sure."""

from dataclasses import asdict
from datetime import UTC, date
from typing import Any

from crm import db
from crm.analytics.deals import win_chance as analytics
from crm.analytics.deals.win_chance import WinChance
from crm.analytics.deals.win_judging import Judged
from crm.analytics.evaluation import stacked
from crm.i18n import _
from crm.jobs import win_card
from crm.jobs.analyses import analysis, asked_for, evening, progress
from crm.jobs.context import JobContext
from crm.models import utcnow
from crm.services import analyses, days
from crm.services.analyses import Made
from crm.services.sales import win_chances
from crm.services.sales.win_chances import KIND
from crm.warehouse import House

CURVES = ("reliability", "gains")


@analysis(KIND)
def compute(context: JobContext, _house: House, as_of: date) -> Made:
    """As of the end of a day, of what the actor sees.

    Opportunities are few: they are read from the records themselves. As of today, and
    where all are seen, each open opportunity is given its chance.
    """
    asked = context.arguments["parameters"]
    now = utcnow()
    segment_id = asked.get(analyses.SEGMENT)
    with db.reading(context.actor) as session:
        past = win_chances.past(session, only=asked_for(context, session))
    told = progress(context, _("Learning from opportunities of the past"))
    at = evening(as_of, now=now)
    found = analytics.evaluate(past, at=at, on_progress=told)
    is_for_all = not segment_id and as_of >= days.day_of(now)
    if is_for_all and win_chances.may_store(context.actor):
        scores = found.scores.set_index("opportunity_id")["probability"]
        chances = {int(key): float(one) for key, one in scores.items()}
        context.write("chances", win_chances.store, chances)
    return made(found)


def made(found: WinChance) -> Made:
    """What is kept of it.

    Tables: `scores`, `coefficients`, `importances` as in `WinChance`; of what was
    judged at a moment of its way (`now`) and at its opening (`opening`) the tables
    `judged_…`, and `reliability_…` and `gains_…`, whose rows are of the `model` that
    they name. The summary has the fields of `WinChance`, and the figures of each
    `Evaluation` by `now` and `opening`.
    """
    split_at, base = found.split_at, found.counts.base_rate
    split_on = days.day_of(split_at.replace(tzinfo=UTC)) if split_at else None
    summary = {
        "why_not": asdict(found.why_not) if found.why_not else None,
        "counts": asdict(found.counts),
        "base_rate": asdict(base) if base else None,
        "split_on": split_on.isoformat() if split_on else None,
        "usual_amount": found.usual_amount,
        "best": found.best,
        "notes": [asdict(note) for note in found.notes],
        "now": _figures(found.now),
        "opening": _figures(found.opening),
        "card": win_card.card(found),
    }
    tables = {
        "scores": found.scores,
        "coefficients": found.coefficients,
        "importances": found.importances,
    }
    for name, judged in (("now", found.now), ("opening", found.opening)):
        if judged is not None and judged.evaluations:
            tables[f"judged_{name}"] = judged.table
            tables |= {
                f"{one}_{name}": stacked(judged.evaluations, one) for one in CURVES
            }
    return Made(summary, tables)


def _figures(judged: Judged | None) -> dict[str, Any]:
    """By model, without the curves; nothing where nothing was judged."""
    evaluations = judged.evaluations if judged else {}
    return {name: one.figures() for name, one in evaluations.items()}
