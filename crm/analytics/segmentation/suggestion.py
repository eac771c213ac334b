"""A number of clusters to begin with, and why; the user decides."""

import pandas as pd

from crm.analytics.notes import Note
from crm.i18n import N_

STABLE = 0.8  # mean adjusted Rand index
NEARLY = 0.05  # within this of the most stable, the silhouette may decide
SMALLEST = 0.05  # share of the customers; a smaller cluster is not worth a campaign


def suggest(table: pd.DataFrame) -> tuple[int, Note]:
    """A number of clusters to begin with, and why.

    Among 3 and more clusters whose mean stability is at least `STABLE` and whose
    smallest cluster holds at least `SMALLEST` of the customers: of those within
    `NEARLY` of the most stable, the one with the best silhouette. Failing that, 2 by
    the same conditions; failing that, the most stable, with a warning. The silhouette
    never decides alone: it favours few and lopsided clusters.

    Args:
        table: of k-means, as in `crm.analytics.segmentation.choice.Choice`.
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


def _said(row: pd.Series) -> dict[str, float]:
    return {"k": int(row.name), "stability": row["stability"], "share": row["smallest"]}


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
