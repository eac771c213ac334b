"""What makes subscriptions end sooner: Cox's proportional hazards model.

Fitted by `statsmodels.PHReg`, ties after Efron (1977). Hazard ratios compare each
value of a field with its most frequent one, all other fields alike. They tell of
associations, not of causes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.survival.concordance import Concordance, concordance
from crm.analytics.survival.cox_levels import Levels, levels
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

FEWEST_ENDED = 30
HELD_OUT = 0.3  # share of the subscriptions that judge the model
Z = 1.959963984540054
WILD = 8.0  # a coefficient beyond this tells that a group has no ends, or only them

RATIOS: Schema = {  # one row per value of a field but the one compared with
    "field": "str",
    "level": "str",  # "" where nothing is entered
    "against": "str",
    "hazard_ratio": "float64",
    "low": "float64",
    "high": "float64",
    "p_value": "float64",  # of no difference, after Wald
    "p_constant": "float64",  # that the ratio is the same at all times
    "subscriptions": "int64",
    "ended": "int64",
}


@dataclass(frozen=True)
class Cox:
    """The ratios, the fields left out, and how well the model ranks others.

    `judged` is about `HELD_OUT` of the subscriptions, drawn at random, that a model
    of the rest has not seen; None where fewer than `FEWEST_ENDED` of them ended.
    """

    ratios: pd.DataFrame
    subscriptions: int
    ended: int
    left_out: list[str] = field(default_factory=list)
    judged: Concordance | None = None


def cox(lifetimes: pd.DataFrame, fields: Sequence[str], *, seed: int = 0) -> Cox:
    """Fit hazard ratios of as many of `fields`, the first first, as the ends bear.

    Args:
        lifetimes: as in `survival.LIFETIMES`.

    Raises:
        NotEnoughData: fewer than `FEWEST_ENDED` ended, or all are alike.
    """
    ended = int(lifetimes["ended"].sum())
    if ended < FEWEST_ENDED:
        words = _("Hazard ratios take at least {n} ended subscriptions.")
        raise NotEnoughData(words.format(n=FEWEST_ENDED))
    known = levels(lifetimes, fields)
    if not known.columns:
        raise NotEnoughData(_("These subscriptions do not differ in any field."))
    days, events = lifetimes["days"].to_numpy(), lifetimes["ended"].to_numpy()
    ratios = _ratios(_fitted(known.design, days, events), known)
    return Cox(
        ratios=ratios,
        subscriptions=len(lifetimes),
        ended=ended,
        left_out=known.left_out,
        judged=_judged(known.design, days, events, seed),
    )


def _fitted(design: Any, days: Any, events: Any) -> Any:
    """The fitted model.

    Raises:
        NotEnoughData: it has no sensible solution.
    """
    import warnings

    from statsmodels.duration.hazard_regression import PHReg

    words = _("The groups end so differently that no ratio can be told.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they tell of is looked at below
            model = PHReg(days, design, status=events.astype(int), ties="efron")
            found = model.fit(disp=0)
            errors = found.bse
    except (np.linalg.LinAlgError, ValueError) as error:
        raise NotEnoughData(words) from error
    sane = np.isfinite(found.params) & np.isfinite(errors)
    if not sane.all() or np.abs(found.params).max() > WILD:
        raise NotEnoughData(words)
    return found


def _ratios(found: Any, known: Levels) -> pd.DataFrame:
    """See `RATIOS`."""
    table = pd.DataFrame(known.columns)
    error = Z * found.bse
    table["hazard_ratio"] = np.exp(found.params)
    table["low"], table["high"] = (
        np.exp(found.params - error),
        np.exp(found.params + error),
    )
    table["p_value"] = found.pvalues
    table["p_constant"] = _constancy(found)
    return typed(table, RATIOS)


def _constancy(found: Any) -> list[float]:
    """Correlation of Schoenfeld's residuals with the rank of the time of the end.

    After Grambsch and Therneau (1994), each coefficient by itself.
    """
    from scipy import stats

    residuals = np.asarray(found.schoenfeld_residuals)
    times = np.asarray(found.model.endog)
    known = ~np.isnan(residuals).any(axis=1)
    ranks = stats.rankdata(times[known])
    return [
        float(stats.pearsonr(ranks, column).pvalue) if np.ptp(column) > 0 else 1.0
        for column in residuals[known].T
    ]


def _judged(design: Any, days: Any, events: Any, seed: int) -> Concordance | None:
    """How a model of the rest ranks those held out."""
    random = np.random.default_rng(seed)
    held = random.random(len(days)) < HELD_OUT
    if events[held].sum() < FEWEST_ENDED or events[~held].sum() < FEWEST_ENDED:
        return None
    seen = design[~held]
    varies = np.ptp(seen, axis=0) > 0
    if not varies.any():
        return None
    try:
        found = _fitted(seen[:, varies], days[~held], events[~held])
    except NotEnoughData:
        return None
    risk = design[held][:, varies] @ found.params
    return concordance(risk, days[held], events[held], random=random)
