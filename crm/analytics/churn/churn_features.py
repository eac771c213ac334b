"""What churn is foretold from: features of a customer as of a day, on one scale."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.errors import Invalid
from crm.i18n import N_, _

Floats = npt.NDArray[np.float64]

FEATURES = {
    "recency": N_("Days since the last order"),
    "overdue": N_("Days since the last order, in usual gaps, where more than one"),
    "sales_90": N_("Orders in the last 90 days"),
    "sales_before_90": N_("Orders in the 90 days before those"),
    "frequency": N_("Orders"),
    "tenure": N_("Days since the first order"),
    "monetary": N_("Mean order value"),
    "products": N_("Different products"),
    "returned": N_("Share sent back"),
    "tickets_90": N_("Tickets in the last 90 days"),
    "tickets_before_90": N_("Tickets in the 90 days before those"),
    "open_problems": N_("Problems not solved"),
}
GROUPS = {  # what is entered about a customer, as words
    "kind": N_("Kind"),
    "country": N_("Country"),
    "sector": N_("Sector"),
    "source": N_("Source"),
}
THEMES = {  # features that speak of one thing count together as one reason
    "last_order": ("recency", "overdue"),
    "lately": ("sales_90", "sales_before_90"),
    "history": ("frequency", "tenure"),
    "order_value": ("monetary",),
    "products": ("products",),
    "returns": ("returned",),
    "tickets": ("tickets_90", "tickets_before_90"),
    "problems": ("open_problems",),
} | {name: (name,) for name in GROUPS}


def values(features: pd.DataFrame) -> pd.DataFrame:
    """The columns of `FEATURES`, in their units, one row per row of `features`.

    `overdue` is (recency + 1) / (gap + 1), the day added so that it stays finite, but
    never below 1: within the usual gap nobody is late, and who has just bought is no
    likelier to come back soon than who is due. NaN for customers of a single order,
    who have no gap yet. Revenue is left out: it is orders times their mean value.

    Args:
        features: as in `crm.frames.CHURN_FEATURES`.

    Raises:
        Invalid: a value is missing or infinite, or an order lies after the day.
    """
    ratio = (features["recency"] + 1) / (features["gap"] + 1)
    table = features.assign(overdue=ratio.clip(lower=1))[list(FEATURES)]
    table = table.astype("float64")
    known = table.assign(overdue=table["overdue"].fillna(1))
    for name in table.columns:
        if not np.isfinite(known[name].to_numpy()).all():
            raise Invalid(
                _("The column “{column}” has values that are not numbers.").format(
                    column=name
                ),
                field=name,
            )
    if (table["recency"] < 0).any():
        raise Invalid(_("Some orders lie after the day of the analysis."))
    return table


def groups(features: pd.DataFrame) -> pd.DataFrame:
    """The columns of `GROUPS`, as entered; an empty word where nothing is."""
    return features[list(GROUPS)].fillna("").astype("str")


@dataclass(frozen=True)
class Scaler:
    """Puts features on one scale: z = (log x - mean) / deviation, plain numbers.

    x is value + 1 (never below 1), but for `overdue`, which is a ratio. log x is kept
    within `low` and `high`, the range that was learned: what lies beyond, such as the
    age of customers in a young shop, says no more than its end. An unknown `overdue`
    becomes 0, the mean, and so says nothing for or against.
    """

    names: tuple[str, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def apply(self, table: pd.DataFrame) -> Floats:
        """`values(…)` on the common scale, one column per name."""
        logs = np.clip(_logs(table[list(self.names)]), self.low, self.high)
        z: Floats = (logs - self.mean) / self.deviation
        return np.nan_to_num(z, nan=0.0)


def scaler(table: pd.DataFrame) -> Scaler:
    """The scale on which these customers have mean 0 and deviation 1.

    Features that are the same for all, or that nobody has, are left out.
    """
    logs = _logs(table)
    kept = [
        (name, known.mean(), known.std(), known.min(), known.max())
        for name, column in zip(table.columns, logs.T, strict=True)
        if len(known := column[np.isfinite(column)]) and known.std() > 1e-9
    ]
    names, *numbers = zip(*kept, strict=True) if kept else ((),) * 5
    mean, deviation, low, high = (tuple(map(float, part)) for part in numbers)
    return Scaler(tuple(names), mean, deviation, low, high)


def _logs(table: pd.DataFrame) -> Floats:
    plain = table.columns != "overdue"
    numbers: Floats = table.to_numpy(dtype="float64", copy=True)
    numbers[:, plain] = 1 + np.maximum(numbers[:, plain], 0)
    return np.log(numbers)
