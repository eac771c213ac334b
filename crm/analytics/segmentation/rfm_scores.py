"""Scores for recency, frequency and monetary, by cut points."""

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.errors import Invalid
from crm.i18n import N_, _

MEASURES = {
    "recency": N_("Recency"),
    "frequency": N_("Frequency"),
    "monetary": N_("Monetary"),
}
BINS = (3, 4, 5)  # how many scores a measure may have


@dataclass(frozen=True)
class Cuts:
    """The values at which the next score begins, ascending, in each measure's unit.

    Two to four points make three to five scores. A value equal to a point belongs to
    the interval above it. Points may repeat: then a score between them goes to nobody
    (quantiles of a measure with many equal values do that).

    Raises:
        Invalid: too few or too many points, one that is not a number, or points that
            do not ascend; `field` names the measure.
    """

    recency: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary: tuple[float, ...]

    def __post_init__(self) -> None:
        for measure in MEASURES:
            _check(measure, getattr(self, measure))

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many scores recency, frequency and monetary have."""
        return len(self.recency) + 1, len(self.frequency) + 1, len(self.monetary) + 1


def quantile_cuts(customers: pd.DataFrame, bins: int = 5) -> Cuts:
    """Cut points that give each score about as many customers.

    As in R's package `rfm`: type-7 quantiles of the customer table, plus 1 (a day, an
    order, a unit of the base currency). They depend on values only, so that equal
    customers get equal scores.

    Args:
        customers: with the columns `recency`, `frequency`, `monetary`.
        bins: number of scores, 3 to 5.
    """
    if bins not in BINS:
        raise Invalid(_("Choose 3, 4 or 5 scores."), field="bins")
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    points = {
        measure: tuple((np.quantile(customers[measure], inner).round(9) + 1).tolist())
        for measure in MEASURES
    }
    return Cuts(**points)


def score(values: NDArray[Any], cuts: tuple[float, ...]) -> NDArray[np.int8]:
    """1 below the first of `cuts`, and 1 more from each further one on."""
    result = np.ones(len(values), dtype=np.int8)
    for cut in cuts:
        result += values >= cut
    return result


def recency_score(values: NDArray[Any], cuts: tuple[float, ...]) -> NDArray[np.int8]:
    """`score` in reverse: the fewer days, the higher."""
    return np.int8(len(cuts) + 2) - score(values, cuts)


def _check(measure: str, cuts: tuple[float, ...]) -> None:
    name = _(MEASURES[measure])
    if len(cuts) + 1 not in BINS:
        raise Invalid(
            _("{measure}: give two, three or four cut points.").format(measure=name),
            field=measure,
        )
    if not all(isfinite(cut) for cut in cuts):
        raise Invalid(
            _("{measure}: a cut point is not a number.").format(measure=name),
            field=measure,
        )
    for lower, upper in pairwise(cuts):
        if lower > upper:
            raise Invalid(
                _(
                    "{measure}: the cut points must ascend, but {upper:g} comes after "
                    "{lower:g}."
                ).format(measure=name, upper=upper, lower=lower),
                field=measure,
            )
