"""RFM segmentation: who bought recently, often, and for how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics import groups, rfm_rules
from crm.analytics.notes import Note
from crm.analytics.rfm_rules import Rule
from crm.analytics.rfm_scores import (
    MEASURES,
    Cuts,
    quantile_cuts,
    recency_score,
    score,
)
from crm.i18n import N_

COLUMNS = ("recency", "frequency", "monetary", "revenue")  # read from the buyers


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
        grid: one row per combination of `r` and `f`: `customers`, their mean
            `monetary` (NaN where there are none), `segment` (empty where m decides).
        notes: what to tell beside the result.
    """

    customers: pd.DataFrame
    cuts: Cuts
    rules: tuple[Rule, ...]
    segments: pd.DataFrame
    grid: pd.DataFrame
    notes: tuple[Note, ...]


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


def rescore(
    customers: pd.DataFrame, cuts: Cuts, rules: Sequence[Rule] | None = None
) -> Segmentation:
    """Score and name anew: for sliders that act on a stored result.

    Args:
        customers: those of an earlier `Segmentation`; they are not changed.

    Raises:
        NotEnoughData: there is nobody.
        Invalid: a value is missing, or `rules` do not fit the number of scores.
    """
    groups.check(customers, COLUMNS, at_least=1)
    rules = tuple(rules or rfm_rules.default_rules(cuts.shape))
    segment_of = rfm_rules.cube(rules, cuts.shape)
    r = recency_score(customers["recency"].to_numpy(), cuts.recency)
    f = score(customers["frequency"].to_numpy(), cuts.frequency)
    m = score(customers["monetary"].to_numpy(), cuts.monetary)
    cell = _cell(r, f, m, cuts.shape)
    code = segment_of.ravel()[cell]

    names = rfm_rules.names(rules)
    named = pd.Categorical.from_codes(code, categories=names, validate=False)
    counts = np.bincount(cell, minlength=segment_of.size).reshape(cuts.shape)
    return Segmentation(
        customers.assign(r=r, f=f, m=m, segment=named),
        cuts,
        rules,
        _segments(customers, code, names),
        _grid(customers, cell, counts, segment_of, names),
        tuple(_notes(customers, counts)),
    )


def _cell(
    r: NDArray[np.int8],
    f: NDArray[np.int8],
    m: NDArray[np.int8],
    shape: rfm_rules.Shape,
) -> NDArray[np.uint8]:
    """Where each customer lies in the flattened cube of scores, at most 5 × 5 × 5."""
    steps = np.int8(shape[1]), np.int8(shape[2])
    return (((r - 1) * steps[0] + (f - 1)) * steps[1] + (m - 1)).view(np.uint8)


def _segments(
    customers: pd.DataFrame, code: NDArray[np.int16], names: list[str]
) -> pd.DataFrame:
    rows = groups.members(code, len(names))
    values = {column: customers[column].to_numpy() for column in COLUMNS}
    sizes = np.array([len(row) for row in rows])
    medians = {
        measure: [
            float(np.median(values[measure][row])) if len(row) else 0.0 for row in rows
        ]
        for measure in MEASURES
    }
    revenue = np.bincount(code, values["revenue"], minlength=len(names))
    table = pd.DataFrame(
        {"customers": sizes, "share": sizes / len(customers)}
        | medians
        | {"revenue": revenue, "revenue_share": groups.shares(revenue)},
        index=pd.Index(names, name="segment"),
    )
    return table[table["customers"] > 0]


def _grid(
    customers: pd.DataFrame,
    cell: NDArray[np.uint8],
    counts: NDArray[np.intp],
    segment_of: NDArray[np.int16],
    names: list[str],
) -> pd.DataFrame:
    money = np.bincount(cell, customers["monetary"], minlength=counts.size)
    here = counts.sum(axis=2).ravel()
    total = money.reshape(counts.shape).sum(axis=2).ravel()
    mean = np.divide(total, here, out=np.full(len(here), np.nan), where=here > 0)
    r, f = np.indices(counts.shape[:2]) + 1
    segments = segment_of.reshape(-1, counts.shape[2])
    labels = [names[row[0]] if (row == row[0]).all() else "" for row in segments]
    columns = {"r": r.ravel(), "f": f.ravel(), "customers": here, "monetary": mean}
    return pd.DataFrame(columns | {"segment": labels})


def _notes(customers: pd.DataFrame, counts: NDArray[np.intp]) -> list[Note]:
    notes = []
    for axis, (measure, name) in enumerate(MEASURES.items()):
        values = customers[measure].to_numpy()
        others = tuple({0, 1, 2} - {axis})
        used, scores = int((counts.sum(axis=others) > 0).sum()), counts.shape[axis]
        if values.min() == values.max():
            notes.append(Note(SAME, {"measure": name}))
        elif used < scores:
            said: dict[str, Any] = {"measure": name, "used": used, "scores": scores}
            notes.append(Note(UNUSED, said))
    if future := int((customers["recency"].to_numpy() < 0).sum()):
        notes.append(Note(FUTURE, {"count": future}))
    if customers["revenue"].sum() <= 0:
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
