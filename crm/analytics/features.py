"""What customers are compared by: features on one scale, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics import groups
from crm.analytics.notes import Note
from crm.errors import Invalid, NotEnoughData
from crm.i18n import N_, _

Floats = NDArray[np.float64]

FEATURES = {  # columns of `crm.frames.BUYERS`
    "recency": N_("Days since the last order"),
    "frequency": N_("Orders"),
    "monetary": N_("Mean order value"),
    "revenue": N_("Revenue"),
    "tenure": N_("Days since the first order"),
    "products": N_("Different products"),
    "returned": N_("Share sent back"),
    "gap": N_("Days between orders"),
}
DEFAULT = ("recency", "frequency", "monetary")


@dataclass(frozen=True)
class Scale:
    """How a feature becomes a comparable number, frozen for later customers.

    z = (x - mean) / deviation, where x is the value, or sign(v) · log(1 + |v|) of it
    where `log`; so mean and deviation are in the units of x.
    """

    feature: str
    log: bool
    mean: float
    deviation: float

    def apply(self, values: Floats) -> Floats:
        """The values on the common scale."""
        return (
            (signed_log(values) if self.log else values) - self.mean
        ) / self.deviation

    def undo(self, scaled: Floats) -> Floats:
        """Back in the feature's own unit."""
        values = scaled * self.deviation + self.mean
        return np.sign(values) * np.expm1(np.abs(values)) if self.log else values


@dataclass(frozen=True)
class Prepared:
    """Customers on a common scale: a row each, a column per scale."""

    matrix: Floats
    scales: tuple[Scale, ...]
    notes: tuple[Note, ...]


def prepare(buyers: pd.DataFrame, features: Sequence[str]) -> Prepared:
    """Learn a scale for each of `features` and apply it.

    A feature with a skewness above 1 is taken as its signed logarithm where that is
    less skewed. One that is the same for everybody is dropped, and a note says so.

    Raises:
        Invalid: a feature is unknown, none is named, or a value is missing.
        NotEnoughData: fewer than five customers, or all alike in every feature.
    """
    named = _known(features)
    groups.check(buyers, [name for name in named if name != "gap"])
    scales = tuple(
        scale for name in named if (scale := learn(name, column(buyers, name)))
    )
    if not scales:
        raise NotEnoughData(
            _(
                "All customers are alike in the chosen features, so nothing divides "
                "them."
            )
        )
    kept = [scale.feature for scale in scales]
    notes = [
        Note(DROPPED, {"feature": FEATURES[name]}) for name in named if name not in kept
    ]
    if "gap" in kept and (once := int(buyers["gap"].isna().sum())):
        notes.append(Note(FILLED, {"count": once}))
    return Prepared(matrix(buyers, scales), scales, tuple(notes))


def matrix(buyers: pd.DataFrame, scales: Sequence[Scale]) -> Floats:
    """The customers by already learnt scales, a column each."""
    columns = [scale.apply(column(buyers, scale.feature)) for scale in scales]
    return np.column_stack(columns)


def column(buyers: pd.DataFrame, feature: str) -> Floats:
    """A feature of all customers; a missing gap is the time since the only order."""
    series = buyers[feature]
    if feature == "gap":
        series = series.fillna(buyers["tenure"])
    result: Floats = series.to_numpy(dtype=np.float64)
    return result


def learn(feature: str, values: Floats) -> Scale | None:
    """The scale of a feature by its `values`; None where they are all equal."""
    if values.min() == values.max():
        return None
    logs = signed_log(values)
    skewness = skew(values)
    log = skewness > 1 and abs(skew(logs)) < skewness
    x = logs if log else values
    return Scale(feature, bool(log), float(x.mean()), float(x.std()))


def signed_log(values: Floats) -> Floats:
    """sign(v) · log(1 + |v|): a logarithm that takes 0 and negative totals."""
    result: Floats = np.sign(values) * np.log1p(np.abs(values))
    return result


def skew(values: Floats) -> float:
    """Sample skewness, the third standardised moment; `values` are not all equal."""
    z = (values - values.mean()) / values.std()
    return float((z * z * z).mean())


def distinct(matrix: Floats, enough: int) -> int:
    """The number of rows that differ by more than rounding; at most `enough`."""
    for rows in (matrix[:1000], matrix):
        count = len(np.unique(rows.round(9), axis=0))
        if count >= enough:
            return enough
    return count


def _known(features: Sequence[str]) -> list[str]:
    named = list(dict.fromkeys(features))
    if not named:
        raise Invalid(_("Choose at least one feature."), field="features")
    for name in named:
        if name not in FEATURES:
            raise Invalid(
                _("There is no feature “{name}”.").format(name=name), field="features"
            )
    return named


DROPPED = N_("“{feature}” is the same for all customers and was left out.")
FILLED = N_(
    "Customers with a single order: {count}. Instead of days between orders, the days "
    "since that order count."
)
