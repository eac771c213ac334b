"""Churn without a contract: who will not order in the next days, and why.

A customer *churns* when no sale follows within the horizon. Features know nothing
after their day, and every figure shown is from customers as they were one horizon
after those that the models learned from. Without a contract nobody ever says
goodbye, so churn of a short horizon is often only a long pause.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from crm.analytics.churn import churn_choice, churn_learning, churn_notes, churn_rule
from crm.analytics.churn.churn_choice import SCORED
from crm.analytics.churn.churn_features import FEATURES, GROUPS
from crm.analytics.churn.churn_judging import IMPORTANCES, JUDGED, judge
from crm.analytics.churn.churn_learning import COEFFICIENTS, Known, Models, described
from crm.analytics.churn.drift import DRIFT, drift
from crm.analytics.evaluation import Evaluation
from crm.analytics.notes import Note
from crm.errors import Invalid, NotEnoughData
from crm.frames import FUTURE, Schema, empty, typed
from crm.i18n import _

DESCRIBED: Schema = (  # one row per customer of today: what the models know of it
    {"customer_id": "int64"}
    | dict.fromkeys(FEATURES, "float32")
    | dict.fromkeys(GROUPS, "str")
)
SCORE = "score"  # in the table of drift: the probability by logistic regression

HORIZONS = (7, 730)  # days, the shortest and the longest that can be asked for

Method = Literal["model", "rule"]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Cut:
    """All customers as of a day, and what they did in the horizon after it.

    `features` as in `crm.frames.CHURN_FEATURES`, `future` as in `crm.frames.FUTURE`;
    of today's customers the future is left out, and not looked at.
    """

    as_of: date
    features: pd.DataFrame
    future: pd.DataFrame = field(default_factory=lambda: empty(FUTURE))


@dataclass(frozen=True)
class Churn:
    """Models judged on later customers, and scores for those of today.

    Attributes:
        method: `rule` where there was too little to learn from; `why_rule` says why.
        horizon: days without a sale that count as churn.
        learned_on, judged_on, as_of: days of the three cuts.
        learned_from, judged_from: customers, and those of them who churned.
        scores: as in `churn_learning.SCORES`, by names of `churn_choice.SCORED`; or
            as in `churn_rule.RULE_SCORES`, by `rule`.
        evaluations: by name: those of `churn_choice.MODELS`, and to be read beside
            them `recency` (days since the last sale alone) and `base_rate` (one
            probability for all); none by rule.
        best: of the models with scores the one of the smallest log loss; None by rule.
        seconds: that each model took to learn.
        coefficients, intercept: logistic regression behind the scores, as in
            `churn_learning.COEFFICIENTS`; none, and 0, by rule.
        judged, importances: as in `churn_judging`, of the customers judged on.
        drift: as in `drift.DRIFT`: features and `SCORE`, between the customers whom
            the scores' models learned from, and today's.
        features: as in `DESCRIBED`; none by rule.
        notes: what to say beside the figures.
        left_out: what to say of models that were not computed.
    """

    method: Method
    why_rule: Note | None
    horizon: int
    learned_on: date
    judged_on: date
    as_of: date
    learned_from: tuple[int, int]
    judged_from: tuple[int, int]
    scores: dict[str, pd.DataFrame]
    evaluations: dict[str, Evaluation] = field(default_factory=dict)
    best: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    coefficients: pd.DataFrame = field(default_factory=lambda: empty(COEFFICIENTS))
    intercept: float = 0.0
    judged: pd.DataFrame = field(default_factory=lambda: empty(JUDGED))
    importances: pd.DataFrame = field(default_factory=lambda: empty(IMPORTANCES))
    drift: pd.DataFrame = field(default_factory=lambda: empty(DRIFT))
    features: pd.DataFrame = field(default_factory=lambda: empty(DESCRIBED))
    notes: tuple[Note, ...] = ()
    left_out: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Asked:
    """How it is to be computed: see `evaluate`."""

    models: tuple[str, ...]
    horizon: int
    told: Progress


def days(as_of: date, horizon: int) -> tuple[date, date, date]:
    """When to cut: to learn, to judge, and to score, one horizon apart.

    Raises:
        Invalid: the horizon is not within `HORIZONS`.
    """
    shortest, longest = HORIZONS
    if not shortest <= horizon <= longest:
        raise Invalid(
            _("The horizon is a number of days from {shortest} to {longest}.").format(
                shortest=shortest, longest=longest
            ),
            field="horizon",
        )
    step = timedelta(days=horizon)
    return as_of - 2 * step, as_of - step, as_of


def evaluate(
    train: Cut,
    test: Cut,
    now: Cut,
    *,
    horizon: int,
    models: Sequence[str] = (),
    on_progress: Progress | None = None,
) -> Churn:
    """Learn on the first cut, judge on the second, score the third.

    The scores come from the same models learned anew on the second cut, the newest
    whose outcome is known; their quality is judged one horizon earlier.

    Args:
        train, test, now: see `days`; windows of outcome must not overlap.
        models: those of `churn_choice.MODELS` to compute; none: see there.
        on_progress: told the share done, 0 to 1.

    Raises:
        NotEnoughData: no customer to score; or too few to learn from, and no customer
            has ordered twice, so that the rule cannot stand either.
        Invalid: a horizon out of bounds, cuts closer than it, orders after their cut,
            missing values, a model that there is not.
    """
    _check(train, test, now, horizon)
    asked = Asked(tuple(models), horizon, on_progress or (lambda _share: None))
    churn_choice.chosen(models, 0)
    learned, judged = _known(train), _known(test)
    described(now.features)
    why = churn_notes.too_thin(learned, horizon) or churn_notes.too_thin(
        judged, horizon
    )
    found = _by_rule(now) if why else _by_model(learned, judged, now, asked)
    return Churn(
        method="rule" if why else "model",
        why_rule=why,
        horizon=horizon,
        learned_on=train.as_of,
        judged_on=test.as_of,
        as_of=now.as_of,
        learned_from=learned.counts,
        judged_from=judged.counts,
        **found,
    )


def _by_rule(now: Cut) -> dict[str, Any]:
    return {
        "scores": {"rule": churn_rule.overdue(now.features)},
        "notes": churn_notes.silence(now.as_of, now.features),
    }


def _by_model(learned: Known, judged: Known, now: Cut, asked: Asked) -> dict[str, Any]:
    customers = max(learned.counts[0], judged.counts[0])
    names = churn_choice.chosen(asked.models, customers)
    checked = judge(learned, judged, names, horizon=asked.horizon)
    asked.told(0.6)
    scoring = [name for name in SCORED if name in checked.evaluations]
    models = churn_learning.learn(judged, scoring)
    asked.told(0.8)
    found = _today(models, judged, now)
    asked.told(1.0)
    best = min(scoring, key=lambda name: checked.evaluations[name].log_loss)
    quality = churn_notes.quality(checked.evaluations[best], judged)
    slow = churn_choice.left_out(asked.models, customers)
    return found | {
        "evaluations": checked.evaluations,
        "best": best,
        "seconds": checked.seconds,
        "judged": checked.customers,
        "importances": checked.importances,
        "notes": churn_notes.silence(now.as_of, now.features) + quality,
        "left_out": slow + checked.left_out,
    }


def _today(models: Models, earlier: Known, now: Cut) -> dict[str, Any]:
    """What the newest models say of today's customers, and how these have changed."""
    table = described(now.features)
    both = [
        one.assign(**{SCORE: models.told(one)["logistic"]})
        for one in (earlier.table, table)
    ]
    return {
        "scores": models.scores(now.features, table),
        "coefficients": models.coefficients(),
        "intercept": models.logistic.intercept,
        "drift": drift(*both),
        "features": typed(
            table.assign(customer_id=now.features["customer_id"]), DESCRIBED
        ),
    }


def _check(train: Cut, test: Cut, now: Cut, horizon: int) -> None:
    days(now.as_of, horizon)
    if now.features.empty:
        raise NotEnoughData(
            _("No customer has ordered by {day}, so there is nobody to score.").format(
                day=now.as_of.isoformat()
            )
        )
    apart = timedelta(days=horizon)
    if test.as_of - train.as_of < apart or now.as_of - test.as_of < apart:
        raise Invalid(_("The days of the analysis are closer than the horizon."))


def _known(cut: Cut) -> Known:
    churned = ~cut.features["customer_id"].isin(cut.future["customer_id"]).to_numpy()
    return Known(cut.as_of, cut.features, described(cut.features), churned)
