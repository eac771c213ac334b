"""The model of conversion: logistic regression, calibrated, and simpler answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.churn.churn_models import logistic
from crm.analytics.deals.lead_features import CORE, FEATURES, SOURCE, THEMES
from crm.analytics.deals.lead_rows import Rows
from crm.analytics.deals.win_encoding import COLUMNS, Encoder, levels, scale
from crm.analytics.deals.win_models import Calibrated, calibrated
from crm.analytics.importance import columns_of
from crm.frames import Schema, typed

COEFFICIENTS: Schema = COLUMNS | {"coefficient": "float64"}  # of log-odds
HELPS = 2.0  # nats over all leads, one for each of the two features (Akaike 1974)
PRIOR = 10  # leads by which the rate of a source is drawn to that of all

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """A model and how much it surprised (log loss) on leads left out in turn."""

    encoder: Encoder
    model: Calibrated
    surprise: float

    @property
    def features(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(self.encoder.features))

    def probability(self, table: pd.DataFrame) -> Floats:
        """To be converted, of rows as in `lead_features.DESCRIBED`."""
        return self.model.probability(self.encoder.apply(table))

    def themes(self) -> dict[str, list[int]]:
        """The columns that speak of one thing, as far as anything is known of it."""
        return columns_of(THEMES, self.encoder.features)

    def coefficients(self) -> pd.DataFrame:
        """As in `COEFFICIENTS`, the line of calibration included."""
        weights = self.model.contributions(np.eye(len(self.encoder.features)))
        table = self.encoder.columns().assign(coefficient=np.diag(weights))
        return typed(table, COEFFICIENTS)


def learn(known: Rows) -> Learned:
    """From leads of both outcomes; day and hour count only where they help.

    They help where the model, on leads left out in turn, surprises less with them by
    more than as many features of pure chance may (`HELPS`).
    """
    plain, timed = (_learned(known, names) for names in (list(CORE), list(FEATURES)))
    saved = (plain.surprise - timed.surprise) * len(known.table)
    return timed if saved > HELPS else plain


def by_source(earlier: Rows, later: pd.DataFrame) -> Floats:
    """The share converted of those from a source, drawn a little to that of all.

    Args:
        later: as in `lead_features.DESCRIBED`.
    """
    seen = pd.Series(earlier.converted).groupby(earlier.table[SOURCE].to_numpy())
    sums = seen.agg(["sum", "size"])
    rates = (sums["sum"] + PRIOR * earlier.rate) / (sums["size"] + PRIOR)
    told: Floats = later[SOURCE].map(rates).fillna(earlier.rate).to_numpy("float64")
    return told


def _learned(known: Rows, names: Sequence[str]) -> Learned:
    scales = tuple(filter(None, (scale(known.table[name]) for name in names)))
    encoder = Encoder(scales, tuple(levels(known.table[SOURCE])), ())
    z = encoder.apply(known.table)
    ids = known.leads["lead_id"]
    return Learned(encoder, *calibrated(logistic, z, known.converted, ids))
