"""Churn in the background: who will not order in the next days, and why."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd

from crm.analytics import churn as analytics
from crm.analytics.churn import Churn, Cut
from crm.analytics.evaluation import Evaluation
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.warehouse import House

CURVES = ("reliability", "gains", "roc")


@analysis("churn")
def churn(context: JobContext, house: House, as_of: date) -> Made:
    """Scores as of a day for the `horizon` (days) that was asked for."""
    horizon = int(context.arguments["parameters"]["horizon"])
    before = analytics.days(as_of, horizon)[:2]
    train, test = (
        Cut(day, house.churn_features(day), house.future(day, horizon))
        for day in before
    )
    found = analytics.evaluate(
        train,
        test,
        Cut(as_of, house.churn_features(as_of)),
        horizon=horizon,
        on_progress=progress(context, _("Learning from customers of the past")),
    )
    return made(found)


def made(found: Churn) -> Made:
    """What is kept of it.

    Tables: `scores_logistic` and `scores_forest` as in `churn_learning.SCORES`, or
    `scores_rule` as in `churn_rule.RULE_SCORES`; `coefficients`; and `reliability`,
    `gains`, `roc`, whose rows are of the `model` that they name. The summary has the
    fields of `Churn` and, under `models`, the figures of each `Evaluation`.
    """
    why = found.why_rule
    summary = {
        "method": found.method,
        "why_rule": asdict(why) if why else None,
        "horizon": found.horizon,
        "learned_on": found.learned_on.isoformat(),
        "judged_on": found.judged_on.isoformat(),
        "learned_from": list(found.learned_from),
        "judged_from": list(found.judged_from),
        "customers": len(next(iter(found.scores.values()))),
        "best": found.best,
        "intercept": found.intercept,
        "notes": [asdict(note) for note in found.notes],
        "models": {name: _figures(one) for name, one in found.evaluations.items()},
    }
    scores = {f"scores_{name}": table for name, table in found.scores.items()}
    if not found.evaluations:
        return Made(summary, scores)
    curves = {name: _stacked(found.evaluations, name) for name in CURVES}
    return Made(summary, scores | curves | {"coefficients": found.coefficients})


def _figures(one: Evaluation) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name not in CURVES}


def _stacked(evaluations: dict[str, Evaluation], curve: str) -> pd.DataFrame:
    tables = {name: getattr(one, curve) for name, one in evaluations.items()}
    return pd.concat(tables, names=["model", None]).reset_index("model")
