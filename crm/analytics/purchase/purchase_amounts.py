"""How much a customer will bring: models of net revenue in the coming days."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.churn import churn_models
from crm.analytics.churn.churn_boosting import SETTINGS
from crm.analytics.churn.churn_encoding import Encoder, encoder
from crm.analytics.churn.churn_features import Scaler, scaler
from crm.analytics.churn.churn_learning import SEED, Known
from crm.analytics.lifetime import lifetime_models
from crm.analytics.lifetime.histories import histories
from crm.analytics.notes import Note
from crm.errors import NotEnoughData
from crm.i18n import N_

Floats = npt.NDArray[np.float64]
Told = Callable[[Floats], Floats]  # rows of features on a common scale: their amounts

MONEY = ("revenue", "revenue_90", "revenue_before_90")  # besides what churn looks at
SAMPLE = 20_000  # customers that a slow model learns from
TREES = 100
POWER = 1.5  # of the mean that the variance grows with: between Poisson and gamma
NO_NUMBER = N_("{model} found no amounts that are numbers.")
TOO_SHORT = N_(
    "{model} was not computed: it needs {needed} customers who bought on more than one "
    "day, and a history of {days} days."
)
NAMES = {
    "tweedie": N_("Tweedie regression"),
    "two_part": N_("Probability × amount if it buys"),
    "boosting": N_("Gradient boosting"),
    "forest": N_("Random forest"),
    "linear": N_("Linear regression"),
    "bg_nbd": N_("BG/NBD × Gamma-Gamma"),
    "svm": N_("Linear SVM of the logarithm"),
}


@dataclass(frozen=True)
class AmountEncoder:
    """Customers as rows of numbers: as for churn, and what they spent till now."""

    common: Encoder
    money: Scaler

    def apply(self, known: Known) -> Floats:
        money = known.features[list(MONEY)]
        return np.column_stack(
            [self.common.apply(known.table), self.money.apply(money)]
        )


@dataclass(frozen=True)
class Foretold:
    """Amounts by model, 0 or more; the seconds each took; and what could not be."""

    amounts: dict[str, Floats]
    seconds: dict[str, float]
    left_out: tuple[Note, ...]


def foretell(learned: Known, spent: Floats, later: Known, horizon: int) -> Foretold:
    """What `later` customers are expected to bring in the coming `horizon` days.

    Args:
        learned: customers whose outcome is known.
        spent: what each of them brought in the horizon, net, in base currency.
    """
    scale = _encoder(learned)
    z, new = scale.apply(learned), scale.apply(later)
    amounts, seconds, left_out = {}, {}, []
    for name, label in NAMES.items():
        began = time.perf_counter()
        try:
            told = (
                LEARNERS[name](z, spent)(new)
                if name in LEARNERS
                else by_purchases(later, horizon)
            )
        except NotEnoughData:
            left_out.append(Note(TOO_SHORT, _needs(label)))
            continue
        if np.isfinite(told).all():
            amounts[name], seconds[name] = told, time.perf_counter() - began
        else:
            left_out.append(Note(NO_NUMBER, {"model": label}))
    return Foretold(amounts, seconds, tuple(left_out))


def by_purchases(known: Known, horizon: int) -> Floats:
    """BG/NBD's purchases times Gamma-Gamma's value, fitted to these customers' pasts.

    Raises:
        NotEnoughData: see `lifetime_models.learn`.
    """
    past = _histories(known.features)
    models = lifetime_models.learn(past, as_of=known.as_of)
    of = histories(past)
    amounts: Floats = models.purchases.purchases(of, horizon)[of.rows]
    return amounts * models.value(past)


def linear(z: Floats, spent: Floats) -> Told:
    """Least squares (ridge, alpha = 1) of the amount itself; below 0 counts as 0."""
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=1.0).fit(z, spent)
    return lambda new: np.maximum(model.predict(new), 0)


def svm(z: Floats, spent: Floats) -> Told:
    """A linear support vector machine (C = 0.1) of log(1 + amount), and back.

    It aims at the middle of the logarithm, which lies near 0 where most bring nothing:
    so its sum falls far short. It is here to be seen beside the others.
    """
    from sklearn.svm import LinearSVR

    rows = _sample(len(z))
    target = np.log1p(np.maximum(spent[rows], 0))
    machine = LinearSVR(
        C=0.1,
        loss="squared_epsilon_insensitive",
        dual=False,
        max_iter=5000,
        random_state=SEED,
    ).fit(z[rows], target)
    return lambda new: np.maximum(np.expm1(np.minimum(machine.predict(new), 50)), 0)


def forest(z: Floats, spent: Floats) -> Told:
    """A random forest of the amount, with ten or more customers a leaf."""
    from sklearn.ensemble import RandomForestRegressor

    rows = _sample(len(z))
    trees = RandomForestRegressor(
        TREES,
        min_samples_leaf=max(10, len(rows) // 1000),
        max_features=1 / 3,
        random_state=SEED,
        n_jobs=1,
    ).fit(z[rows], spent[rows])
    return lambda new: np.maximum(trees.predict(new), 0)


def boosting(z: Floats, spent: Floats) -> Told:
    """Gradient boosting of the squared error, with the settings of churn's."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(random_state=SEED, **SETTINGS)
    model.fit(z, spent)
    return lambda new: np.maximum(model.predict(new), 0)


def two_part(z: Floats, spent: Floats) -> Told:
    """Logistic regression of whether, times gamma regression of how much if so."""
    from sklearn.linear_model import GammaRegressor

    bought = spent > 0
    chance = churn_models.logistic(z, bought)
    unit = float(spent[bought].mean())
    model = GammaRegressor(alpha=0.001, max_iter=2000)
    model.fit(z[bought], spent[bought] / unit)
    return lambda new: unit * chance.probability(new) * model.predict(new)


def tweedie(z: Floats, spent: Floats) -> Told:
    """A compound Poisson-gamma regression with log link (Jørgensen 1987).

    Many bring nothing, some a positive amount: one distribution for both. Fitted in
    units of the mean, so that money of any currency fits alike.
    """
    from sklearn.linear_model import TweedieRegressor

    paid = np.maximum(spent, 0)
    unit = float(paid.mean())
    model = TweedieRegressor(power=POWER, alpha=0.001, link="log", max_iter=2000)
    model.fit(z, paid / unit)
    return lambda new: unit * model.predict(new)


LEARNERS: Mapping[str, Callable[[Floats, Floats], Told]] = {
    "tweedie": tweedie,
    "two_part": two_part,
    "boosting": boosting,
    "forest": forest,
    "linear": linear,
    "svm": svm,
}


def _encoder(known: Known) -> AmountEncoder:
    return AmountEncoder(encoder(known.table), scaler(known.features[list(MONEY)]))


def _needs(label: str) -> dict[str, object]:
    return {
        "model": label,
        "needed": lifetime_models.ENOUGH,
        "days": lifetime_models.SHORTEST,
    }


def _sample(count: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(SEED).permutation(count)[:SAMPLE]


def _histories(features: pd.DataFrame) -> pd.DataFrame:
    """As in `crm.frames.REPEAT_BUYERS`; one that cannot be, as the nearest that can."""
    t_x = (features["tenure"] - features["recency"]).clip(lower=0)
    x = np.clip(features["repeats"], t_x.clip(upper=1), t_x)
    sold = features["monetary"] * features["frequency"]
    return pd.DataFrame(
        {
            "customer_id": features["customer_id"],
            "x": x,
            "t_x": t_x,
            "T": features["tenure"],
            "value": sold / (x + 1),
            "revenue": features["revenue"],
        }
    )
