"""How good the models were on later opportunities, beside simpler answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import evaluation
from crm.analytics.calibration import RELIABILITY
from crm.analytics.deals import win_auc
from crm.analytics.deals.win_models import LEARNERS, SEED, Models, by_stage
from crm.analytics.deals.win_rows import Rows
from crm.analytics.evaluation import Evaluation
from crm.analytics.importance import IMPORTANCE
from crm.analytics.shares import wilson
from crm.frames import Schema, empty, typed

NAMES = (*LEARNERS, "stage", "base_rate")
JUDGED: Schema = {  # one row per moment of an opportunity that was judged on
    "opportunity_id": "int64",
    "at": "datetime64[s]",
    "won": "bool",
} | dict.fromkeys(NAMES, "float32")  # the probability by each
LATER = 0.3  # share of the closed ones, the last to be closed, that are judged on
EVER = 2  # of each outcome, to be judged at all
TIMES = 3  # shuffles of each theme, averaged
ROWS = 10_000  # looked at for these

Floats = npt.NDArray[np.float64]
Events = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """What was closed before a moment, and what was closed since, as it stood since.

    `openings` are those of `later` that were opened since then, too, at their opening.
    """

    at: pd.Timestamp
    earlier: Rows
    later: Rows

    @property
    def openings(self) -> Rows:
        return self.later.openings


@dataclass(frozen=True)
class Judged:
    """Figures of models that learned from what was earlier.

    `evaluations` by `NAMES`, none where fewer than `EVER` of one outcome are there;
    their intervals take the opportunities for independent, not their moments.
    `table` as in `JUDGED`. `counts` are opportunities, and those that were won.
    """

    evaluations: Mapping[str, Evaluation]
    table: pd.DataFrame
    counts: tuple[int, int]


def split(known: Rows) -> Split | None:
    """By time of closing, so that nothing is judged by what came after it.

    None where nothing is closed.
    """
    ends = known.landmarks.drop_duplicates("opportunity_id")["closed_at"]
    if ends.empty:
        return None
    at = ends.sort_values().iloc[int((1 - LATER) * len(ends))]
    moments = known.landmarks
    since = (moments["closed_at"] >= at) & (moments["at"] >= at)
    before = moments["closed_at"] < at
    return Split(at, known.where(before.to_numpy()), known.where(since.to_numpy()))


def judge(models: Models, earlier: Rows, later: Rows) -> Judged:
    """What was learned held against what came of `later`.

    Args:
        earlier: what simpler answers are taken from: the stage's rate, and that of all.
    """
    count, won = later.counts
    if min(won, count - won) < EVER:
        return Judged({}, empty(JUDGED), (count, won))
    stage = by_stage(earlier, later.table)
    told = models.told(later.table)
    told |= {"stage": stage, "base_rate": np.full(len(stage), earlier.rate)}
    figures = {
        name: _figures(later, p, stage if name in LEARNERS else None)
        for name, p in told.items()
    }
    return Judged(figures, typed(later.landmarks.assign(**told), JUDGED), (count, won))


def importances(models: Models, later: Rows) -> pd.DataFrame:
    """What the ranking by the best model stands on, as in `importance.IMPORTANCE`.

    How much worse it is where what speaks of one thing is shuffled (Breiman 2001).
    """
    random = np.random.default_rng(SEED)
    kept = random.permutation(len(later.table))[:ROWS]
    z, won = models.encoder.apply(later.table.iloc[kept]), later.won[kept]
    cluster, tells = later.ids.iloc[kept], models.by_name[models.best].probability
    told, found = tells(z), []
    for theme, columns in models.themes().items():
        drops = []
        for _time in range(TIMES):
            mixed = z.copy()
            mixed[:, columns] = z[np.ix_(random.permutation(len(z)), np.array(columns))]
            one = win_auc.gain(won, told, tells(mixed), cluster)
            drops.append((one.value, one.low, one.high))
        found.append((theme, *np.mean(drops, axis=0)))
    table = typed(found, IMPORTANCE)
    return table.sort_values("drop", ascending=False, ignore_index=True)


def _figures(later: Rows, p: Floats, rival: Floats | None) -> Evaluation:
    won, ids = later.won, later.ids
    by_row = evaluation.judge(won, p)
    return replace(
        by_row,
        auc=win_auc.auc(won, p, ids),
        auc_gain=None if rival is None else win_auc.gain(won, p, rival, ids),
        reliability=_reliability(by_row.reliability, p, ids),
    )


def _reliability(table: pd.DataFrame, p: Floats, ids: pd.Series) -> pd.DataFrame:
    """With intervals from as many outcomes as there are opportunities in a group."""
    group = np.repeat(np.arange(len(table)), table["customers"])
    in_order = ids.to_numpy()[np.argsort(p, kind="stable")]
    count = pd.Series(in_order).groupby(group).nunique().to_numpy()
    low, high = wilson(table["actual"].to_numpy() * count, count)
    return typed(table.assign(low=low, high=high), RELIABILITY)
