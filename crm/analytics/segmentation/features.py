"""What customers are compared by: features on one scale, and back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics.notes import Note
from crm.analytics.segmentation import groups
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
    "tickets": N_("Tickets in the last 365 days"),
}
DEFAULT = ("recency", "frequency", "monetary")
CUSTOM = "x_"  # what the names of custom fields begin with; such columns may have gaps
RESPONSE = CUSTOM + "_campaign_response"  # of 0 to 1; as if it were a custom field
RESPONSE_LABEL = N_("Share of campaigns responded to")


@dataclass(frozen=True)
class Scale:
    """How a feature becomes a comparable number, frozen for later customers.

    z = (x - mean) / deviation, where x is the value, or sign(v) · log(1 + |v|) of it
    where `log`; so mean and deviation are in the units of x. `fill` is the value of
    customers who have none, where there were such.
    """

    feature: str
    log: bool
    mean: float
    deviation: float
    fill: float | None = None

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
    Who has no value in a custom field counts by the median of the others.

    Raises:
        Invalid: a feature is unknown, none is named, or a value is missing.
        NotEnoughData: fewer than five customers, or all alike in every feature.
    """
    named = _known(buyers, features)
    groups.check(buyers, [name for name in named if is_complete(name)])
    scales = tuple(scale for name in named if (scale := _scale(buyers, name)))
    if not scales:
        raise NotEnoughData(
            _(
                "All customers are alike in the chosen features, so nothing divides "
                "them."
            )
        )
    return Prepared(
        matrix(buyers, scales), scales, tuple(_notes(buyers, named, scales))
    )


def matrix(buyers: pd.DataFrame, scales: Sequence[Scale]) -> Floats:
    """The customers by already learnt scales, a column each."""
    columns = [
        scale.apply(column(buyers, scale.feature, scale.fill)) for scale in scales
    ]
    return np.column_stack(columns)


def is_complete(feature: str) -> bool:
    """Whether every customer has the feature."""
    return feature != "gap" and not feature.startswith(CUSTOM)


def label(feature: str) -> str:
    """The name to show, to be translated; of a custom field the name it has inside."""
    return FEATURES.get(feature, feature)


def column(buyers: pd.DataFrame, feature: str, fill: float | None = None) -> Floats:
    """A feature of all customers; a missing gap is the time since the only order.

    Args:
        fill: what else is missing is taken for it.
    """
    series = buyers[feature]
    if feature == "gap":
        series = series.fillna(buyers["tenure"])
    if fill is not None:
        series = series.fillna(fill)
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


def _scale(buyers: pd.DataFrame, name: str) -> Scale | None:
    """The scale of a feature; None where all are alike, or nobody has it."""
    values = column(buyers, name)
    known = np.isfinite(values)
    if known.all():
        return learn(name, values)
    if not known.any():
        return None
    fill = float(np.median(values[known]))
    scale = learn(name, np.where(known, values, fill))
    return scale and replace(scale, fill=fill)


def _notes(
    buyers: pd.DataFrame, named: Sequence[str], scales: Sequence[Scale]
) -> Iterator[Note]:
    kept = {scale.feature: scale for scale in scales}
    for name in named:
        if name not in kept:
            nobody = name == RESPONSE and buyers[name].isna().all()
            words = NOT_REACHED if nobody else DROPPED
            yield Note(words, {"feature": label(name)})
        elif name == "gap" and (once := int(buyers["gap"].isna().sum())):
            yield Note(FILLED, {"count": once})
        elif (fill := kept[name].fill) is not None:
            without = int(buyers[name].isna().sum())
            yield Note(GUESSED, {"feature": name, "count": without, "fill": fill})


def _known(buyers: pd.DataFrame, features: Sequence[str]) -> list[str]:
    named = list(dict.fromkeys(features))
    if not named:
        raise Invalid(_("Choose at least one feature."), field="features")
    for name in named:
        if name not in FEATURES and not (name.startswith(CUSTOM) and name in buyers):
            raise Invalid(
                _("There is no feature “{name}”.").format(name=name), field="features"
            )
    return named


DROPPED = N_("“{feature}” is the same for all customers and was left out.")
NOT_REACHED = N_(
    "No campaign has reached any of these customers in the 365 days before, so "
    "“{feature}” was left out."
)
FILLED = N_(
    "Customers with a single order: {count}. Instead of days between orders, the days "
    "since that order count."
)
GUESSED = N_(
    "“{feature}” is empty for some customers: {count}. They count as if they had the "
    "middle value, {fill:,.6g}."
)
