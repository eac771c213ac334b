import numpy as np
import pytest

from crm.analytics.segmentation import features
from crm.analytics.segmentation.features import Scale, prepare
from crm.errors import Invalid, NotEnoughData
from tests.analytics.customers import buyers

FIVE = buyers(
    5,
    recency=[10, 20, 30, 40, 50],
    frequency=[1, 1, 3, 3, 100],
    monetary=[10.0, 20.0, 30.0, 40.0, 50.0],
    revenue=[10.0, 20.0, 30.0, 40.0, -5000.0],
    tenure=[30, 30, 60, 90, 90],
    gap=[np.nan, 5.0, 6.0, 7.0, 8.0],
)


def test_a_feature_gets_mean_0_and_deviation_1() -> None:
    z = prepare(FIVE, ["recency"]).matrix[:, 0]

    assert z == pytest.approx(np.array([-2, -1, 0, 1, 2]) / np.sqrt(2))


def test_a_skewed_feature_is_taken_as_its_logarithm() -> None:
    scales = prepare(FIVE, ["frequency", "monetary"]).scales

    assert [scale.log for scale in scales] == [True, False]
    logs = np.log([2, 2, 4, 4, 101])  # of one more, each
    assert scales[0].mean == pytest.approx(logs.mean())
    assert scales[0].deviation == pytest.approx(logs.std())


def test_a_logarithm_keeps_the_sign() -> None:
    assert features.signed_log(np.array([-1.0, 0.0, 1.0])) == pytest.approx(
        np.array([-np.log(2), 0, np.log(2)])
    )


@pytest.mark.parametrize("log", [True, False])
def test_a_scale_can_be_undone(log: bool) -> None:
    scale = Scale("revenue", log=log, mean=3.0, deviation=0.5)
    values = np.array([-250.0, 0.0, 0.5, 1234.56])

    assert scale.undo(scale.apply(values)) == pytest.approx(values, abs=1e-9)


def test_a_constant_feature_is_dropped_and_it_is_said() -> None:
    prepared = prepare(FIVE, ["products", "recency"])

    assert [scale.feature for scale in prepared.scales] == ["recency"]
    assert "“Different products” is the same for all" in str(prepared.notes[0])


def test_a_missing_gap_is_the_time_since_the_only_order() -> None:
    prepared = prepare(FIVE, ["gap"])

    assert features.column(FIVE, "gap").tolist() == [30, 5, 6, 7, 8]
    assert "single order: 1." in str(prepared.notes[0])


def test_a_feature_named_twice_counts_once() -> None:
    assert prepare(FIVE, ["recency", "recency"]).matrix.shape == (5, 1)


def test_customers_alike_in_all_features_cannot_be_divided() -> None:
    with pytest.raises(NotEnoughData, match="alike"):
        prepare(buyers(100_000), ["recency", "frequency", "monetary"])


def test_one_customer_is_too_few() -> None:
    with pytest.raises(NotEnoughData, match="at least 5; there are 1"):
        prepare(buyers(1), ["recency"])


def test_an_unknown_feature_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="shoe_size"):
        prepare(FIVE, ["recency", "shoe_size"])


def test_no_feature_at_all_is_refused() -> None:
    with pytest.raises(Invalid, match="at least one feature"):
        prepare(FIVE, [])


def test_a_missing_number_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="monetary"):
        prepare(FIVE.assign(monetary=np.nan), ["monetary"])


def test_rows_that_differ_by_rounding_alone_are_the_same() -> None:
    rows = np.array([[0.3], [0.1 + 0.2], [1.0]])

    assert features.distinct(rows, 3) == 2


def test_an_empty_custom_field_counts_as_the_middle_of_the_others() -> None:
    table = FIVE.assign(x_staff=[1.0, np.nan, 3.0, 5.0, np.nan])

    prepared = prepare(table, ["x_staff"])

    (scale,) = prepared.scales
    assert scale.fill == 3
    assert scale.undo(prepared.matrix[:, 0]) == pytest.approx([1, 3, 3, 5, 3])
    assert "is empty for some customers: 2" in str(prepared.notes[0])


def test_a_custom_field_that_nobody_has_is_dropped() -> None:
    prepared = prepare(FIVE.assign(x_staff=np.nan), ["recency", "x_staff"])

    assert [scale.feature for scale in prepared.scales] == ["recency"]
    assert "x_staff" in str(prepared.notes[0])


def test_a_custom_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid, match="x_staff"):
        prepare(FIVE, ["x_staff"])
