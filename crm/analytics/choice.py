"""How many clusters? What each number of them would be worth, side by side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics.features import DEFAULT, Floats, distinct, prepare
from crm.analytics.kmeans import KMeans, check_k, check_kinds, kmeans, nearest, sample
from crm.analytics.notes import Note
from crm.analytics.silhouette import silhouettes
from crm.analytics.stability import agreements
from crm.errors import Invalid
from crm.i18n import N_, _

ROWS = 50_000  # beyond them, all figures are from a sample of as many
SILHOUETTE_ROWS = 10_000  # the silhouette compares every row with every other
STABLE = 0.8  # mean adjusted Rand index
NEARLY = 0.05  # within this of the most stable, the silhouette may decide
SMALLEST = 0.05  # share of the customers; a smaller cluster is not worth a campaign
WEAK = 0.5  # silhouette; Kaufman and Rousseeuw (1990) call less a weak structure

FIGURES = [
    *("inertia", "silhouette", "calinski_harabasz", "davies_bouldin"),
    *("stability", "stability_min", "smallest"),
]

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Choice:
    """Figures for each number of clusters, and a suggestion. The user decides.

    Attributes:
        table: indexed by `k`: `inertia`; `silhouette` (-1 to 1, higher is better; NaN
            where the sample fell into one cluster); `calinski_harabasz` (higher);
            `davies_bouldin` (lower); `stability` and `stability_min`, mean and
            smallest adjusted Rand index (1 = same clusters) over the resamples;
            `smallest`, the share of the smallest cluster.
        suggested: a number of clusters, and `why`: see `suggest`.
        rows: how many customers the figures are from, `silhouette_rows` the silhouette.
        resamples: how often the clusters were sought anew for the stability.
        notes: what to tell beside the result.
    """

    table: pd.DataFrame
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
        features: keys of `crm.analytics.features.FEATURES`.
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
    table = _table(matrix, possible, resamples, seed, on_progress or (lambda _: None))
    suggested, why = suggest(table)
    sampled = len(matrix) < len(buyers)
    return Choice(
        table,
        suggested,
        why,
        len(matrix),
        min(len(matrix), SILHOUETTE_ROWS),
        resamples,
        seed,
        prepared.notes + tuple(_notes(table, asked, len(matrix) if sampled else None)),
    )


def suggest(table: pd.DataFrame) -> tuple[int, Note]:
    """A number of clusters to begin with, and why.

    Among 3 and more clusters whose mean stability is at least `STABLE` and whose
    smallest cluster holds at least `SMALLEST` of the customers: of those within
    `NEARLY` of the most stable, the one with the best silhouette. Failing that, 2 by
    the same conditions; failing that, the most stable, with a warning. The silhouette
    never decides alone: it favours few and lopsided clusters.

    Args:
        table: as in `Choice`.
    """
    large = table[table["smallest"] >= SMALLEST]
    stable = large[large["stability"] >= STABLE]
    several = stable[stable.index >= 3]
    if len(several):
        close = several[several["stability"] >= several["stability"].max() - NEARLY]
        row = close.loc[close["silhouette"].fillna(-1).idxmax()]
        return int(row.name), Note(FINE, _said(row))
    if len(stable):
        more = table.index.max() > 2
        return 2, Note(ONLY_TWO if more else FINE, _said(stable.iloc[0]))
    fallback = large if len(large) else table
    row = fallback.loc[fallback["stability"].idxmax()]
    return int(row.name), Note(UNSTABLE if len(large) else LOPSIDED, _said(row))


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
    table["silhouette"] = _silhouettes(matrix, divisions, seed)
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
    return table[FIGURES]


def _measures(matrix: Floats, found: KMeans) -> dict[str, float]:
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

    return {
        "inertia": found.inertia,
        "calinski_harabasz": float(calinski_harabasz_score(matrix, found.labels)),
        "davies_bouldin": float(davies_bouldin_score(matrix, found.labels)),
        "smallest": float(np.bincount(found.labels).min() / len(matrix)),
    }


def _silhouettes(matrix: Floats, divisions: list[KMeans], seed: int) -> list[float]:
    rows = sample(matrix, SILHOUETTE_ROWS, seed)
    found = [nearest(rows, division.centres) for division in divisions]
    return silhouettes(
        rows, [np.unique(labels, return_inverse=True)[1] for labels in found]
    )


def _said(row: pd.Series) -> dict[str, float]:
    return {"k": int(row.name), "stability": row["stability"], "share": row["smallest"]}


def _notes(table: pd.DataFrame, asked: list[int], sampled: int | None) -> list[Note]:
    notes = []
    if len(table) < len(asked):
        notes.append(Note(FEWER, {"most": int(table.index.max())}))
    if sampled is not None:
        notes.append(Note(SAMPLED, {"rows": sampled}))
    if not table["silhouette"].max() >= WEAK:
        notes.append(Note(CONTINUUM))
    return notes


FINE = N_(
    "{k} clusters: sought again among resampled customers, they come out much the "
    "same (agreement {stability:.2f} of 1), and the smallest holds {share:.0%} of the "
    "customers."
)
ONLY_TWO = N_(
    "Only a division into 2 is stable (agreement {stability:.2f} of 1); more clusters "
    "come out differently each time, or too small."
)
UNSTABLE = N_(
    "No number of clusters is stable. {k} is the least unstable (agreement "
    "{stability:.2f} of 1): with slightly different customers the clusters would "
    "differ."
)
LOPSIDED = N_(
    "Every number of clusters leaves one with very few customers; with {k} the "
    "smallest holds {share:.1%}. Look for customers far from all others, or choose "
    "other features."
)
FEWER = N_(
    "Too few customers differ for more than {most} clusters in the chosen features."
)
SAMPLED = N_("The figures are from {rows:,} customers drawn at random.")
CONTINUUM = N_(
    "The customers pass into one another without gaps: clusters are a useful cut "
    "through them, not groups that nature made."
)
