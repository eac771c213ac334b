import numpy as np
import pytest

from crm.analytics import importance as module
from crm.analytics.calibration import sigmoid
from crm.analytics.importance import importance

RANDOM = np.random.default_rng(0)
Z = RANDOM.normal(size=(2000, 4))
CAME = RANDOM.random(2000) < sigmoid(2 * Z[:, 0] + Z[:, 1])
THEMES = {"idle": [3], "weak": [1], "strong": [0, 2]}


def by_truth(z: np.ndarray) -> np.ndarray:
    return sigmoid(2 * z[:, 0] + z[:, 1])


def test_the_most_important_theme_comes_first() -> None:
    found = importance(CAME, Z, by_truth, THEMES, seed=0)

    assert found["theme"].tolist() == ["strong", "weak", "idle"]
    assert found["drop"].iloc[0] > 0.1 > found["drop"].iloc[1] > 0.01


def test_what_is_not_looked_at_matters_exactly_0() -> None:
    found = importance(CAME, Z, by_truth, THEMES, seed=0).set_index("theme")

    assert found.loc["idle"].tolist() == [0, 0, 0]


def test_the_interval_is_around_the_drop() -> None:
    found = importance(CAME, Z, by_truth, THEMES, seed=0)

    assert (found["low"] <= found["drop"]).all()
    assert (found["drop"] <= found["high"]).all()
    assert found["low"].iloc[0] > 0


def test_without_any_signal_all_is_0() -> None:
    found = importance(CAME, Z, lambda z: np.full(len(z), 0.3), THEMES, seed=0)

    assert found["drop"].tolist() == [0, 0, 0]


def test_columns_of_a_theme_are_shuffled_together() -> None:
    """Two columns that only matter as their difference: together they are a theme."""
    twice = np.column_stack([Z[:, 0] + 5 * Z[:, 2], 5 * Z[:, 2]])
    came = RANDOM.random(2000) < sigmoid(2 * Z[:, 0])

    found = importance(
        came,
        twice,
        lambda z: sigmoid(2 * (z[:, 0] - z[:, 1])),
        {"both": [0, 1]},
        seed=0,
    )

    assert found["drop"].item() == pytest.approx(0.33, abs=0.06)  # down to 0.5


def test_many_customers_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 100)
    seen: list[int] = []

    def told(z: np.ndarray) -> np.ndarray:
        seen.append(len(z))
        return by_truth(z)

    importance(CAME, Z, told, THEMES, seed=0)

    assert set(seen) == {100}
