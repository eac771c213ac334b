"""How many clusters? What each number of them would be worth, side by side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics.notes import Note
from crm.analytics.segmentation import gap, mixture_choice
from crm.analytics.segmentation.features import DEFAULT, Floats, distinct, prepare
from crm.analytics.segmentation.kmeans import (
    KMeans,
    check_k,
    check_kinds,
    kmeans,
    sample,
)
from crm.analytics.segmentation.silhouette import sampled_silhouettes
from crm.analytics.segmentation.stability import agreements
from crm.analytics.segmentation.suggestion import STABLE, suggest
from crm.errors import Invalid
from crm.i18n import N_, _

ROWS = 50_000  # beyond them, all figures are from a sample of as many
SILHOUETTE_ROWS = 10_000  # the silhouette compares every row with every other
WEAK = 0.5  # silhouette; Kaufman and Rousseeuw (1990) call less a weak structure

FIGURES = [
    *("inertia", "silhouette", "calinski_harabasz", "davies_bouldin"),
    *("stability", "stability_min", "smallest", "gap", "gap_error"),
]

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Choice:
    """Figures for each number of clusters, and a suggestion. The user decides.

    Attributes:
        table: of k-means, indexed by `k`: `inertia`; `silhouette` (-1 to 1, higher is
            better; NaN where the sample fell into one cluster); `calinski_harabasz`
            (higher); `davies_bouldin` (lower); `stability` and `stability_min`, mean
            and smallest adjusted Rand index (1 = same clusters) over the resamples;
            `smallest`, the share of the smallest cluster; `gap`, with `gap_error`: see
            `crm.analytics.segmentation.gap`.
        mixtures: of Gaussian mixtures, indexed by `k`: `bic` (lower is better), and
            `silhouette`, `stability`, `stability_min`, `smallest` as above.
        suggested: a number of clusters, and `why`: see
            `crm.analytics.segmentation.suggestion`.
        rows: how many customers the figures are from, `silhouette_rows` the silhouette.
        resamples: how often the clusters were sought anew for the stability.
        notes: what to tell beside the result.
    """

    table: pd.DataFrame
    mixtures: pd.DataFrame
    suggested: int
    why: Note
    rows: int
    silhouette_rows: int
    resamples: int
    seed: int
    notes: tuple[Note, ...]


def choose_k(
    buyers: pd.DataFrame,
    features: Sequence[str] = DEFAULT,
    ks: Iterable[int] = range(2, 9),
    *,
    resamples: int = 20,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> Choice:
    """Divide the customers into each number of clusters, and examine the results.

    Args:
        buyers: as in `crm.frames.BUYERS`.
        features: keys of `FEATURES` of `features`, or custom fields.
        ks: numbers of clusters; those that too few customers differ for are left out.
        on_progress: is told the share done, 0 to 1.

    Raises:
        NotEnoughData: fewer than five customers, or too few that differ.
        Invalid: a feature or a number does not fit, or a value is missing.
    """
    prepared = prepare(buyers, features)
    matrix = sample(prepared.matrix, ROWS, seed)
    asked = sorted(set(ks))
    possible = _possible(asked, matrix)
    tell = on_progress or (lambda _share: None)
    by_means = _table(matrix, possible, resamples, seed, lambda one: tell(one / 2))
    by_mixtures = mixture_choice.examine(
        matrix,
        possible,
        resamples=resamples,
        seed=seed,
        tell=lambda one: tell((1 + one) / 2),
    )
    gaps = gap.gaps(matrix, possible, seed=seed)
    table = by_means.assign(gap=gaps["gap"], gap_error=gaps["error"])[FIGURES]
    suggested, why = suggest(table)
    sampled = len(matrix) if len(matrix) < len(buyers) else None
    notes = [*_notes(table, asked, sampled), *_by_gap(gaps)]
    return Choice(
        table,
        by_mixtures,
        suggested,
        why,
        len(matrix),
        min(len(matrix), SILHOUETTE_ROWS),
        resamples,
        seed,
        prepared.notes + tuple(notes),
    )


def _possible(asked: list[int], matrix: Floats) -> list[int]:
    """Those of `asked` for which there are enough rows, and rows that differ."""
    if not asked:
        raise Invalid(_("Choose at least one number of clusters."), field="k")
    for k in asked:
        check_k(k)
    check_kinds(asked[0], matrix)
    most = min(distinct(matrix, asked[-1]), len(matrix) - 1)
    return [k for k in asked if k <= most]


def _table(
    matrix: Floats, ks: list[int], resamples: int, seed: int, tell: Progress
) -> pd.DataFrame:
    divisions = [kmeans(matrix, k, seed=seed) for k in ks]
    table = pd.DataFrame(
        [_measures(matrix, division) for division in divisions],
        index=pd.Index(ks, name="k"),
    )
    labels = [division.labels for division in divisions]
    table["silhouette"] = sampled_silhouettes(matrix, labels, SILHOUETTE_ROWS, seed)
    steady: list[list[float]] = []
    for division in divisions:
        steady.append([])
        for score in agreements(
            matrix, division.labels, resamples=resamples, seed=seed
        ):
            steady[-1].append(score)
            tell(sum(map(len, steady)) / (len(ks) * resamples))
    table["stability"] = np.mean(steady, axis=1)
    table["stability_min"] = np.min(steady, axis=1)
    return table


def _measures(matrix: Floats, found: KMeans) -> dict[str, float]:
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

    return {
        "inertia": found.inertia,
        "calinski_harabasz": float(calinski_harabasz_score(matrix, found.labels)),
        "davies_bouldin": float(davies_bouldin_score(matrix, found.labels)),
        "smallest": float(np.bincount(found.labels).min() / len(matrix)),
    }


def _notes(table: pd.DataFrame, asked: list[int], sampled: int | None) -> list[Note]:
    notes = []
    if len(table) < len(asked):
        notes.append(Note(FEWER, {"most": int(table.index.max())}))
    if sampled is not None:
        notes.append(Note(SAMPLED, {"rows": sampled}))
    several = table[table.index >= 3]["stability"]
    if not table["silhouette"].max() >= WEAK or not (several >= STABLE).any():
        notes.append(Note(CONTINUUM))
    return notes


def _by_gap(gaps: pd.DataFrame) -> list[Note]:
    """What the rule of the gap statistic says; nothing where numbers are missing."""
    if list(gaps.index) != [*range(1, len(gaps) + 1)]:
        return []
    return [Note(BY_GAP, {"k": gap.first(gaps)})]


FEWER = N_(
    "Too few customers differ for more than {most} clusters in the chosen features."
)
SAMPLED = N_("The figures are from {rows:,} customers drawn at random.")
CONTINUUM = N_(
    "The customers pass into one another without gaps: clusters are a useful cut "
    "through them, not groups that nature made."
)
BY_GAP = N_(
    "By the rule of the gap statistic the number would be {k}; 1 says that the "
    "customers are no more clustered than customers spread evenly."
)
