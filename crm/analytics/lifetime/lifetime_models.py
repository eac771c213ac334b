"""The models behind a lifetime value: how often, how much, how much is kept."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.lifetime import bg_nbd, gamma_gamma
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.gamma_gamma import GammaGamma
from crm.analytics.lifetime.histories import histories
from crm.errors import NotEnoughData
from crm.i18n import N_, _

Floats = npt.NDArray[np.float64]

ENOUGH = 30  # customers who bought on more than one day
SHORTEST = 60  # days of history
FITS = 50  # to samples of the customers, for intervals

NOBODY = N_("No customer has ordered by {day}.")
TOO_SHORT = N_(
    "The first order is of {first}, {days} days before {day}. Lifetime values need a "
    "history of at least {needed} days."
)
TOO_FEW = N_(
    "By {day} only {count} customers had bought on more than one day. Lifetime values "
    "need at least {needed}."
)


@dataclass(frozen=True)
class Models:
    """Fitted to the customers of one day; `kept` is the share not sent back."""

    purchases: BgNbd
    spend: GammaGamma
    kept: float

    def value(self, buyers: pd.DataFrame) -> Floats:
        """What a day with a purchase of each customer is expected to bring, net."""
        return self.kept * self.spend.value(*purchase_days(buyers))


def learn(buyers: pd.DataFrame, *, as_of: date) -> Models:
    """Fit both models.

    Args:
        buyers: as in `crm.frames.REPEAT_BUYERS`.

    Raises:
        NotEnoughData: there are too few repeat buyers, or too short a history.
        Invalid: impossible histories.
    """
    _check(buyers, as_of)
    days, mean = purchase_days(buyers)
    return Models(
        bg_nbd.fit(histories(buyers)),
        gamma_gamma.fit(gamma_gamma.amounts(days, mean)),
        _kept(buyers),
    )


def fits(
    buyers: pd.DataFrame, models: Models, rng: np.random.Generator
) -> list[tuple[BgNbd, GammaGamma]]:
    """`FITS` of each model to samples of the customers, for intervals."""
    amounts = gamma_gamma.amounts(*purchase_days(buyers))
    return list(
        zip(
            bg_nbd.refits(histories(buyers), models.purchases, rng, FITS),
            gamma_gamma.refits(amounts, models.spend, rng, FITS),
            strict=True,
        )
    )


def purchase_days(buyers: pd.DataFrame) -> tuple[Floats, Floats]:
    """On how many days each customer bought, and for how much on average."""
    days = buyers["x"].to_numpy(dtype="float64") + 1
    return days, buyers["value"].to_numpy(dtype="float64")


def _kept(buyers: pd.DataFrame) -> float:
    days, mean = purchase_days(buyers)
    sold = float(days @ mean)
    return float(np.clip(buyers["revenue"].sum() / sold, 0, 1)) if sold > 0 else 0.0


def _check(buyers: pd.DataFrame, as_of: date) -> None:
    if buyers.empty:
        raise NotEnoughData(_(NOBODY).format(day=as_of.isoformat()))
    span, repeating = int(buyers["T"].max()), int((buyers["x"] > 0).sum())
    facts = {"day": as_of.isoformat(), "days": span, "count": repeating}
    if span < SHORTEST:
        first = (as_of - timedelta(days=span)).isoformat()
        raise NotEnoughData(_(TOO_SHORT).format(first=first, needed=SHORTEST, **facts))
    if repeating < ENOUGH:
        raise NotEnoughData(_(TOO_FEW).format(needed=ENOUGH, **facts))
