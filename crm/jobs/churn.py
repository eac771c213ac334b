"""Churn in the background: who will not order in the next days, and why."""

from dataclasses import asdict
from datetime import date

from crm.analytics.churn import churn as analytics
from crm.analytics.churn.churn import Churn, Cut
from crm.analytics.evaluation import CURVES, stacked
from crm.i18n import _
from crm.jobs import churn_card, churn_past
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.warehouse import House


@analysis("churn")
def churn(context: JobContext, house: House, as_of: date) -> Made:
    """Scores as of a day for the `horizon` (days) that was asked for.

    `models` names those to compute; none, or nothing said: as
    `churn_choice.chosen` has it.
    """
    asked = context.arguments["parameters"]
    horizon = int(asked["horizon"])
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
        models=asked.get("models") or (),
        on_progress=progress(context, _("Learning from customers of the past")),
    )
    result = made(found)
    past = churn_past.newest(context, house, as_of)
    return Made(result.summary | {"past": past}, result.tables)


def made(found: Churn) -> Made:
    """What is kept of it.

    Tables: `scores_…` as in `churn_learning.SCORES`, or `scores_rule` as in
    `churn_rule.RULE_SCORES`; `reliability`, `gains`, `roc`, whose rows are of the
    `model` that they name; and `coefficients`, `judged`, `importances`, `drift`,
    `features` as in `Churn`. The summary has the fields of `Churn`, under `models` the
    figures of each `Evaluation`, and under `card` what `churn_card` says.
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
        "expected": _expected(found),
        "best": found.best,
        "intercept": found.intercept,
        "notes": [asdict(note) for note in found.notes],
        "models": {name: one.figures() for name, one in found.evaluations.items()},
        "models_left_out": [asdict(note) for note in found.left_out],
        "card": churn_card.card(found),
    }
    scores = {f"scores_{name}": table for name, table in found.scores.items()}
    if not found.evaluations:
        return Made(summary, scores)
    curves = {name: stacked(found.evaluations, name) for name in CURVES}
    more = {
        "coefficients": found.coefficients,
        "judged": found.judged,
        "importances": found.importances,
        "drift": found.drift,
        "features": found.features,
    }
    return Made(summary, scores | curves | more)


def _expected(found: Churn) -> float | None:
    """The mean probability of today's customers, by the best model."""
    if found.best is None:
        return None
    return float(found.scores[found.best]["probability"].mean())
