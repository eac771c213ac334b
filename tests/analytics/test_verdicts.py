"""What is said against a model, by figures computed by hand."""

import numpy as np
import pytest

from crm.analytics.evaluation import Evaluation, judge
from crm.analytics.verdicts import no_signal, shifted, too_good

EVENTS = np.array([True] * 20 + [False] * 20)


def evaluated(p: float, q: float) -> Evaluation:
    """Of a model that gives `p` to all that came, and `q` to all that did not."""
    return judge(EVENTS, np.where(EVENTS, p, q))


@pytest.mark.parametrize(("predicted", "is_told"), [(0.55, False), (0.61, True)])
def test_a_mean_outside_the_interval_of_what_came_is_told(
    predicted: float, is_told: bool
) -> None:
    """50 of 100: Wilson's interval is 40.4% to 59.6%."""
    found = shifted(predicted, 0.5, 100, notable=0.05, text="off")

    assert [note.values for note in found] == (
        [{"predicted": predicted, "actual": 0.5}] if is_told else []
    )


def test_a_small_difference_is_not_told_however_sure() -> None:
    """50,000 of 100,000: the interval is 49.7% to 50.3%."""
    assert shifted(0.51, 0.5, 100_000, notable=0.05, text="off") == []


def test_a_ranking_by_lot_is_no_signal() -> None:
    everybody = evaluated(0.5, 0.5)

    found = no_signal(everybody, everybody, by_lot="by lot", surprised="surprised")

    assert found is not None
    assert found.text == "by lot"
    assert found.values["auc"] == 0.5


def test_a_surer_model_that_is_more_surprised_is_no_signal() -> None:
    """It ranks without a fault; −log(0.02) / 2 + −log(0.99) / 2 is above log 2."""
    surer = evaluated(0.02, 0.01)

    found = no_signal(surer, evaluated(0.5, 0.5), by_lot="lot", surprised="surprised")

    assert found is not None
    assert found.text == "surprised"
    assert found.values["all"] == pytest.approx(np.log(2))


def test_a_ranking_without_a_fault_is_suspicious() -> None:
    assert len(too_good(evaluated(0.9, 0.1))) == 1
    assert too_good(evaluated(0.5, 0.5)) == []


def test_curves_are_no_figures() -> None:
    found = evaluated(0.9, 0.1).figures()

    assert found["auc"]["value"] == 1
    assert not {"reliability", "gains", "roc"} & set(found)
