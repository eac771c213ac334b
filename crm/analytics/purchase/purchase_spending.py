"""How much customers bring: all models judged on the past, and what they say today."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.churn.churn_learning import Known
from crm.analytics.notes import Note
from crm.analytics.purchase import purchase_bands, purchase_judging
from crm.analytics.purchase.purchase_amounts import NAMES, foretell
from crm.analytics.purchase.purchase_bands import Bands
from crm.analytics.purchase.purchase_judging import Accuracy
from crm.analytics.ranking import Interval

AS_BEFORE = "as_before"  # the rival: the same as in the horizon before
AMOUNTS = (*NAMES, AS_BEFORE)
ENDS = ("", "_low", "_high")  # of a model's columns, after its name

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Past:
    """Customers of a past day, and what each brought in the horizon after it, net."""

    known: Known
    spent: Floats


@dataclass(frozen=True)
class Spending:
    """Amounts by model, those of `AMOUNTS` that could be computed.

    Attributes:
        accuracies: on the customers judged.
        best: of the models but the rival the one of the smallest deviance.
        amounts: one row per customer of today, and per model three columns of net
            revenue in the horizon, base currency: the model's name, and with `_low`,
            `_high` its 90 % interval.
        totals: today's sum, with a 90 % interval of chance alone.
        deciles: as in `purchase_judging.DECILES`.
        seconds: that each model took.
        left_out: what to say of models that could not be computed.
    """

    accuracies: dict[str, Accuracy]
    best: str
    amounts: pd.DataFrame
    totals: dict[str, Interval]
    deciles: pd.DataFrame
    seconds: dict[str, float]
    left_out: tuple[Note, ...]


def spending(
    learned: Past,
    judged: Past,
    today: Known,
    *,
    rival: tuple[Floats, Floats],
    horizon: int,
) -> Spending:
    """Learn, judge one horizon later, and learn anew for the customers of today.

    Args:
        rival: what each customer judged, and each of today, brought in the horizon up
            to their day, net.
    """
    then = foretell(learned.known, learned.spent, judged.known, horizon)
    ahead = foretell(judged.known, judged.spent, today, horizon)
    names = [name for name in NAMES if name in then.amounts and name in ahead.amounts]
    said = {name: then.amounts[name] for name in names}
    now = {name: ahead.amounts[name] for name in names}
    said[AS_BEFORE], now[AS_BEFORE] = (np.maximum(one, 0) for one in rival)
    accuracies = purchase_judging.judge(said, judged.spent, AS_BEFORE)
    bands = {name: purchase_bands.learn(p, judged.spent) for name, p in said.items()}
    return Spending(
        accuracies=accuracies,
        best=min(names, key=lambda name: accuracies[name].deviance.value),
        amounts=_with_ends(now, bands),
        totals={name: bands[name].total(amounts) for name, amounts in now.items()},
        deciles=purchase_judging.deciles(said, judged.spent),
        seconds={name: then.seconds[name] for name in names},
        left_out=(
            *then.left_out,
            *(note for note in ahead.left_out if note not in then.left_out),
        ),
    )


def _with_ends(now: dict[str, Floats], bands: dict[str, Bands]) -> pd.DataFrame:
    columns: dict[str, Floats] = {}
    for name, one in now.items():
        ends = (one, *bands[name].around(one))
        columns |= {name + end: amount for end, amount in zip(ENDS, ends, strict=True)}
    return pd.DataFrame(columns).astype("float32")
