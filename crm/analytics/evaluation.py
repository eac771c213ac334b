"""A probability judged on customers that it was not made from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import calibration, ranking
from crm.analytics.ranking import Interval

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

CURVES = ("reliability", "gains", "roc")


@dataclass(frozen=True)
class Evaluation:
    """How good one set of probabilities was.

    Attributes:
        auc: chance that an event scores above a non-event; 0.5 is by lot.
        auc_gain: AUC less that of the plain rival; None for the rival itself.
        brier, log_loss: smaller is better; to be read beside those of the base rate.
        predicted: mean probability, to be held against the share of events.
        slope: of the calibration line, 1 ideal; None where it cannot be drawn.
        intercept: actual less predicted log-odds at slope 1, 0 ideal; None likewise.
        lift_10: how many times more events among the top tenth than in all.
        reliability: as in `calibration.RELIABILITY`.
        gains, roc: as in `ranking.GAINS` and `ranking.ROC`.
    """

    auc: Interval
    auc_gain: Interval | None
    brier: float
    log_loss: float
    predicted: float
    slope: float | None
    intercept: float | None
    lift_10: float
    reliability: pd.DataFrame
    gains: pd.DataFrame
    roc: pd.DataFrame

    def figures(self) -> dict[str, Any]:
        """All but the curves, as plain data."""
        return {name: one for name, one in asdict(self).items() if name not in CURVES}


def judge(events: Events, p: Floats, rival: Floats | None = None) -> Evaluation:
    """Hold probabilities against what came.

    Args:
        events: what came, one per customer.
        p: its probability, told before.
        rival: a plainer score of the same customers, to beat.

    Raises:
        NotEnoughData: fewer than two customers of one outcome.
    """
    fitted = calibration.line(events, p)
    gains = ranking.gains(events, p)
    return Evaluation(
        auc=ranking.auc(events, p),
        auc_gain=None if rival is None else ranking.auc_gain(events, p, rival),
        brier=calibration.brier(events, p),
        log_loss=calibration.log_loss(events, p),
        predicted=float(p.mean()),
        slope=fitted[1] if fitted else None,
        intercept=calibration.in_the_large(events, p),
        lift_10=float(gains["lift"].iloc[9]),
        reliability=calibration.reliability(events, p),
        gains=gains,
        roc=ranking.roc(events, p),
    )


def stacked(evaluations: Mapping[str, Evaluation], curve: str) -> pd.DataFrame:
    """One curve of each model, whose rows name the `model` that they are of."""
    tables = {name: getattr(one, curve) for name, one in evaluations.items()}
    return pd.concat(tables, names=["model", None]).reset_index("model")
