"""How good the models were on later customers, beside simpler answers."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import evaluation
from crm.analytics.churn import churn_bg_nbd
from crm.analytics.churn.churn_choice import MODELS, NAMES, NO_NUMBER, SCORED
from crm.analytics.churn.churn_features import GROUPS
from crm.analytics.churn.churn_learning import SEED, Known, Models, by_recency, learn
from crm.analytics.churn.churn_rule import recent_revenue
from crm.analytics.evaluation import Evaluation
from crm.analytics.importance import IMPORTANCE, importance
from crm.analytics.notes import Note
from crm.analytics.shares import wilson
from crm.frames import Schema, typed

JUDGED: Schema = {  # one row per judged customer, or a sample
    "churned": "bool",
    "revenue_180": "float32",  # in the 180 days before
} | dict.fromkeys(GROUPS, "str")  # and of each model its probability, float32
BY_WORD: Schema = {  # one row per word
    "word": "str",
    "customers": "int64",
    "left": "float64",  # share that churned
    "low": "float64",  # Wilson's 95 % interval of that share
    "high": "float64",
}
IMPORTANCES: Schema = {"model": "str"} | IMPORTANCE
SAMPLE = 20_000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """Figures of models that learned one horizon before.

    Attributes:
        evaluations: by name, the models that were asked for, then `recency` and
            `base_rate`.
        seconds: that each model took to learn.
        customers: as in `JUDGED`, with at most `SAMPLE` rows.
        importances: as in `IMPORTANCES`, of the models that give scores.
        left_out: what to say of models that could not be judged.
    """

    evaluations: dict[str, Evaluation]
    seconds: dict[str, float]
    customers: pd.DataFrame
    importances: pd.DataFrame
    left_out: tuple[Note, ...]


def judge(
    earlier: Known, later: Known, names: Sequence[str], *, horizon: int
) -> Judged:
    """What is learned on `earlier` held against what came of `later`."""
    models = learn(earlier, names)
    told, seconds = models.told(later.table), dict(models.seconds)
    if "bg_nbd" in names:
        began = time.perf_counter()
        told["bg_nbd"] = churn_bg_nbd.probability(later.features, horizon)
        seconds["bg_nbd"] = time.perf_counter() - began
    sound = {name: told[name] for name in MODELS if name in told and _sound(told[name])}
    return Judged(
        _evaluations(earlier, later, sound),
        {name: seconds[name] for name in sound},
        _customers(later, sound),
        _importances(models, later),
        tuple(
            Note(NO_NUMBER, {"model": NAMES[one]}) for one in told if one not in sound
        ),
    )


def _evaluations(
    earlier: Known, later: Known, told: dict[str, Floats]
) -> dict[str, Evaluation]:
    recency = by_recency(earlier, later)
    base_rate = np.full(len(later.churned), earlier.churned.mean())
    models = {
        name: evaluation.judge(later.churned, p, rival=recency)
        for name, p in told.items()
    }
    return models | {
        "recency": evaluation.judge(later.churned, recency),
        "base_rate": evaluation.judge(later.churned, base_rate),
    }


def _customers(later: Known, told: dict[str, Floats]) -> pd.DataFrame:
    random = np.random.default_rng(SEED)
    kept = np.sort(random.permutation(len(later.churned))[:SAMPLE])
    table = later.table.assign(
        churned=later.churned, revenue_180=recent_revenue(later.features), **told
    )
    schema = JUDGED | dict.fromkeys(told, "float32")
    return typed(table.iloc[kept].reset_index(drop=True), schema)


def _importances(models: Models, later: Known) -> pd.DataFrame:
    z, themes = models.encoder.apply(later.table), models.themes()
    tables = [
        importance(
            later.churned, z, models.by_name[name].probability, themes, seed=SEED
        ).assign(model=name)
        for name in SCORED
        if name in models.by_name
    ]
    return typed(pd.concat(tables, ignore_index=True), IMPORTANCES)


def _sound(p: Floats) -> bool:
    return bool(np.isfinite(p).all())


def by_word(judged: pd.DataFrame, group: str) -> pd.DataFrame:
    """Who left, by one of `churn_features.GROUPS`: rows as in `BY_WORD`.

    The words of most customers first.

    Args:
        judged: as in `JUDGED`.
    """
    counts = judged.groupby(group)["churned"].agg(["size", "sum"])
    low, high = wilson(counts["sum"], counts["size"])
    columns = (counts.index, counts["size"], counts["sum"] / counts["size"], low, high)
    table = typed(dict(zip(BY_WORD, map(list, columns), strict=True)), BY_WORD)
    order = ["customers", "word"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)
