"""RFM segmentation: who bought recently, often, and for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics.notes import Note
from crm.analytics.segmentation import groups, rfm_rules
from crm.analytics.segmentation.ranks import Ranks, medians, ranked
from crm.analytics.segmentation.rfm_rules import Rule
from crm.analytics.segmentation.rfm_scores import (
    MEASURES,
    Cuts,
    quantile_cuts,
    recency_score,
    score,
)
from crm.i18n import N_

COLUMNS = ("recency", "frequency", "monetary", "revenue")  # read from the buyers
SEGMENTS = ("customers", "share", *MEASURES, "revenue", "revenue_share")


@dataclass(frozen=True)
class Segmentation:
    """Every buying customer with its scores and segment, and what the segments are.

    Attributes:
        customers: indexed by `customer_id`: `recency` (days), `frequency` (sales),
            `monetary` (mean sale) and `revenue` (net) in base currency; the scores
            `r`, `f`, `m` (1 worst); `segment` (categorical, in the order of the rules).
        segments: indexed by segment, those with customers: `customers`, `share` of
            them (0 to 1); medians of `recency`, `frequency`, `monetary`; `revenue`,
            and `revenue_share` of the whole (all 0 where the whole is not positive).
        cells: one row per combination of `r`, `f` and `m`: `customers`, the sum of
            their `monetary` as `money`, `segment`.
        notes: what to tell beside the result.
    """

    customers: pd.DataFrame
    cuts: Cuts
    rules: tuple[Rule, ...]
    segments: pd.DataFrame
    cells: pd.DataFrame
    notes: tuple[Note, ...]

    @property
    def grid(self) -> pd.DataFrame:
        """See `grid_of`, for customers with any score of monetary."""
        return self.grid_of(None)

    def grid_of(self, m: int | None) -> pd.DataFrame:
        """Recency against frequency, for those with the score `m` of monetary.

        One row per combination of `r` and `f`: `customers`, their mean `monetary`
        (NaN where there are none), `segment` (empty where m decides it).
        """
        asked = slice(None) if m is None else slice(m - 1, m)
        counts, money, names = (
            self.cells[column].to_numpy().reshape(self.cuts.shape)[:, :, asked]
            for column in ("customers", "money", "segment")
        )
        here, total = counts.sum(axis=2).ravel(), money.sum(axis=2).ravel()
        mean = np.divide(total, here, out=np.full(len(here), np.nan), where=here > 0)
        r, f = np.indices(self.cuts.shape[:2]) + 1
        columns = {"r": r.ravel(), "f": f.ravel(), "customers": here, "monetary": mean}
        rows = names.reshape(len(here), -1)
        segments = [row[0] if (row == row[0]).all() else "" for row in rows]
        return pd.DataFrame(columns | {"segment": segments})


def segment(
    buyers: pd.DataFrame,
    *,
    bins: int = 5,
    cuts: Cuts | None = None,
    rules: Sequence[Rule] | None = None,
) -> Segmentation:
    """Score and name every customer.

    Args:
        buyers: as in `crm.frames.BUYERS`. To judge by what customers brought in all
            instead of per sale, pass `buyers.assign(monetary=buyers["revenue"])`.
        bins: number of scores by quantiles, where no `cuts` are given.
        rules: the first that holds names the segment; by default the usual grid.

    Raises:
        NotEnoughData: fewer than five customers.
        Invalid: a value is missing, `bins` is not 3 to 5, or `rules` do not fit.
    """
    groups.check(buyers, COLUMNS)
    customers = buyers.set_index("customer_id")[list(COLUMNS)]
    return rescore(customers, cuts or quantile_cuts(customers, bins), rules)


def rank(customers: pd.DataFrame) -> dict[str, Ranks]:
    """What `rescore` needs to know about `customers`, whatever the cut points.

    Raises:
        NotEnoughData: there is nobody.
        Invalid: a value is missing.
    """
    groups.check(customers, COLUMNS, at_least=1)
    return {measure: ranked(customers[measure].to_numpy()) for measure in MEASURES}


def rescore(
    customers: pd.DataFrame,
    cuts: Cuts,
    rules: Sequence[Rule] | None = None,
    *,
    ranks: Mapping[str, Ranks] | None = None,
) -> Segmentation:
    """Score and name anew: for sliders that act on a stored result.

    Args:
        customers: those of an earlier `Segmentation`; they are not changed.
        ranks: those of `rank(customers)`, where they are kept between calls.

    Raises:
        NotEnoughData: there is nobody.
        Invalid: a value is missing, or `rules` do not fit the number of scores.
    """
    ranks = ranks or rank(customers)
    rules = tuple(rules or rfm_rules.default_rules(cuts.shape))
    segment_of, names = rfm_rules.cube(rules, cuts.shape), rfm_rules.names(rules)
    r = recency_score(customers["recency"].to_numpy(), cuts.recency)
    f = score(customers["frequency"].to_numpy(), cuts.frequency)
    m = score(customers["monetary"].to_numpy(), cuts.monetary)
    cell = _cell(r, f, m, cuts.shape)
    code = segment_of.ravel().astype(np.intp)[cell]

    named = pd.Categorical.from_codes(code, categories=names, validate=False)
    counts, money, revenue = _sums(customers, cell, cuts.shape)
    segments = _segments(counts, revenue, segment_of, names)
    for measure in MEASURES:
        segments[measure] = medians(ranks[measure], code, len(names))
    return Segmentation(
        customers.assign(r=r, f=f, m=m, segment=named),
        cuts,
        rules,
        segments.loc[segments["customers"] > 0, list(SEGMENTS)],
        _cells(counts, money, segment_of, names),
        tuple(_notes(revenue.sum(), ranks, counts)),
    )


def _cell(
    r: NDArray[np.int8],
    f: NDArray[np.int8],
    m: NDArray[np.int8],
    shape: rfm_rules.Shape,
) -> NDArray[np.intp]:
    """Where each customer lies in the flattened cube of scores."""
    steps = np.int8(shape[1]), np.int8(shape[2])  # 5 × 5 × 5 cells at most: no overflow
    cell = ((r - 1) * steps[0] + (f - 1)) * steps[1] + (m - 1)
    return cell.astype(np.intp)


def _sums(
    customers: pd.DataFrame, cell: NDArray[np.intp], shape: rfm_rules.Shape
) -> list[NDArray[Any]]:
    """In each cell of the cube: customers, the sum of their money, of their revenue."""
    size = shape[0] * shape[1] * shape[2]
    weights = (None, customers["monetary"], customers["revenue"])
    return [np.bincount(cell, each, minlength=size).reshape(shape) for each in weights]


def _segments(
    counts: NDArray[Any],
    revenue: NDArray[Any],
    segment_of: NDArray[np.int16],
    names: list[str],
) -> pd.DataFrame:
    """Customers and revenue of each segment, also of those with nobody in it."""
    sizes, sums = (
        np.bincount(segment_of.ravel(), each.ravel(), minlength=len(names))
        for each in (counts, revenue)
    )
    columns = {
        "customers": sizes.astype(np.int64),
        "share": sizes / sizes.sum(),
        "revenue": sums,
        "revenue_share": groups.shares(sums),
    }
    return pd.DataFrame(columns, index=pd.Index(names, name="segment"))


def _cells(
    counts: NDArray[Any],
    money: NDArray[Any],
    segment_of: NDArray[np.int16],
    names: list[str],
) -> pd.DataFrame:
    r, f, m = (axis.ravel() + 1 for axis in np.indices(counts.shape))
    columns = {"r": r, "f": f, "m": m, "customers": counts.ravel()}
    segments = [names[code] for code in segment_of.ravel()]
    return pd.DataFrame(columns | {"money": money.ravel(), "segment": segments})


def _notes(
    revenue: float, ranks: Mapping[str, Ranks], counts: NDArray[np.intp]
) -> list[Note]:
    notes = []
    for axis, (measure, name) in enumerate(MEASURES.items()):
        others = tuple({0, 1, 2} - {axis})
        used, scores = int((counts.sum(axis=others) > 0).sum()), counts.shape[axis]
        if ranks[measure].least == ranks[measure].most:
            notes.append(Note(SAME, {"measure": name}))
        elif used < scores:
            said: dict[str, Any] = {"measure": name, "used": used, "scores": scores}
            notes.append(Note(UNUSED, said))
    recency = ranks["recency"]
    if future := int(np.searchsorted(recency.values, 0, sorter=recency.order)):
        notes.append(Note(FUTURE, {"count": future}))
    if revenue <= 0:
        notes.append(groups.NO_REVENUE)
    return notes


SAME = N_("{measure} is the same for all customers, so it tells none of them apart.")
UNUSED = N_(
    "{measure}: only {used} of {scores} scores occur, because many customers share a "
    "value, or none lies between two cut points."
)
FUTURE = N_(
    "Customers whose last order lies after the day of the analysis: {count}. They "
    "count as the most recent."
)
