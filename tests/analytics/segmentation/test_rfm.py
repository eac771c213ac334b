import numpy as np
import pandas as pd
import pytest

from crm.analytics.segmentation import rfm
from crm.analytics.segmentation.rfm_rules import Rule
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.errors import Invalid, NotEnoughData
from crm.i18n import language
from tests.analytics.customers import buyers, retail

CUTS = Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200))
SIX = buyers(
    6,
    recency=[5, 5, 40, 40, 200, 200],
    frequency=[9, 1, 3, 1, 6, 1],
    monetary=[100, 40, 300, 100, 50, 20],
    revenue=[900, 40, 800, 100, 180, -20],
)


def words(result: rfm.Segmentation) -> str:
    return " ".join(map(str, result.notes))


def test_six_customers_by_hand() -> None:
    customers = rfm.segment(SIX, cuts=CUTS).customers

    # Of three scores 3, 2, 1 stand for 5, 3, 1 of the usual grid.
    assert customers[["r", "f", "m"]].to_numpy().tolist() == [
        [3, 3, 2], [3, 1, 1], [2, 2, 3], [2, 1, 2], [1, 3, 2], [1, 1, 1],
    ]  # fmt: skip
    assert customers["segment"].tolist() == [
        *("champions", "new", "need attention", "about to sleep"),
        *("can't lose them", "lost"),
    ]


def test_customers_are_found_by_their_id() -> None:
    customers = rfm.segment(SIX.assign(customer_id=range(70, 76)), cuts=CUTS).customers

    assert customers.index.name == "customer_id"
    assert customers.loc[72, ["recency", "monetary", "segment"]].tolist() == [
        *(40, 300, "need attention")
    ]


def test_segments_add_up() -> None:
    segments = rfm.segment(SIX, cuts=CUTS).segments

    assert segments["customers"].sum() == 6
    assert segments["revenue"].sum() == 2000
    assert segments.loc["champions", "revenue_share"] == 900 / 2000


def test_a_segment_is_described_by_its_medians() -> None:
    everybody = [Rule("all", r=(1, 3), f=(1, 3))]

    segments = rfm.segment(SIX, cuts=CUTS, rules=everybody).segments

    assert segments.loc["all"].to_dict() == {
        "customers": 6, "share": 1.0, "recency": 40, "frequency": 2, "monetary": 75,
        "revenue": 2000, "revenue_share": 1.0,
    }  # fmt: skip


def test_the_grid_counts_customers_and_averages_their_money() -> None:
    two = SIX.assign(recency=5, frequency=1)

    grid = rfm.segment(two, cuts=CUTS).grid.set_index(["r", "f"])

    assert grid.loc[(3, 1), ["customers", "segment"]].tolist() == [6, "new"]
    assert grid.loc[(3, 1), "monetary"] == pytest.approx(610 / 6)
    assert grid["customers"].sum() == 6
    assert len(grid) == 9


def test_a_cell_that_money_divides_has_no_single_segment() -> None:
    rules = [Rule("rich", (3, 3), (1, 1), m=(3, 3)), Rule("rest", (1, 3), (1, 3))]

    grid = rfm.segment(SIX, cuts=CUTS, rules=rules).grid.set_index(["r", "f"])

    assert (grid.loc[(3, 1), "segment"], grid.loc[(1, 1), "segment"]) == ("", "rest")


def test_scoring_a_stored_result_anew_is_scoring_from_scratch() -> None:
    stored = rfm.segment(SIX).customers

    anew = rfm.rescore(stored, CUTS)

    pd.testing.assert_frame_equal(anew.customers, rfm.segment(SIX, cuts=CUTS).customers)


def test_scoring_anew_leaves_the_stored_result_alone() -> None:
    stored = rfm.segment(SIX, bins=5).customers
    before = stored.copy()

    rfm.rescore(stored, CUTS)

    pd.testing.assert_frame_equal(stored, before)


def test_a_part_of_the_customers_keeps_its_scores() -> None:
    stored = rfm.segment(SIX, cuts=CUTS).customers

    mine = rfm.rescore(stored.loc[[3]], CUTS)

    assert mine.customers["segment"].tolist() == ["need attention"]


def test_nobody_cannot_be_scored() -> None:
    with pytest.raises(NotEnoughData, match="at least 1"):
        rfm.rescore(rfm.segment(SIX).customers.iloc[:0], CUTS)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_customers_are_refused(count: int) -> None:
    with pytest.raises(NotEnoughData, match=f"at least 5; there are {count}"):
        rfm.segment(buyers(count))


@pytest.mark.slow
def test_equal_customers_are_equal_and_it_is_said() -> None:
    result = rfm.segment(buyers(100_000))

    assert result.customers["segment"].nunique() == 1
    assert not result.segments.isna().any(axis=None)
    assert words(result).count("is the same for all customers") == 3


def test_a_single_day_is_said_to_tell_nobody_apart() -> None:
    result = rfm.segment(SIX.assign(recency=0))

    assert "Recency is the same for all customers" in words(result)


def test_scores_that_nobody_gets_are_said() -> None:
    result = rfm.segment(buyers(10, frequency=[1] * 9 + [2], recency=range(10)))

    assert "Frequency: only 2 of 5 scores occur" in words(result)


def test_orders_from_the_future_are_said() -> None:
    result = rfm.segment(SIX.assign(recency=[-1, 5, 40, 40, 200, -9]), cuts=CUTS)

    assert "after the day of the analysis: 2" in words(result)
    assert result.customers["r"].tolist() == [3, 3, 2, 2, 1, 3]


def test_without_positive_revenue_there_are_no_shares() -> None:
    result = rfm.segment(SIX.assign(revenue=-1.0))

    assert (result.segments["revenue_share"] == 0).all()
    assert "outweigh" in words(result)


def test_ordinary_customers_need_no_remarks() -> None:
    assert rfm.segment(SIX, cuts=CUTS).notes == ()


def test_remarks_speak_the_language_of_whoever_reads() -> None:
    with language("zh_CN"):
        result = rfm.segment(SIX.assign(recency=0))

    assert "the same for all" in words(result)


def test_a_missing_number_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="monetary"):
        rfm.segment(SIX.assign(monetary=[1, 2, 3, np.nan, 5, 6]))


def test_the_buyers_are_left_alone() -> None:
    before = SIX.copy()

    rfm.segment(SIX)

    pd.testing.assert_frame_equal(SIX, before)


@pytest.mark.slow
def test_real_customers_fall_into_quantiles() -> None:
    result = rfm.segment(retail())

    shares = result.customers[["r", "m"]].apply(pd.Series.value_counts) / 1682
    assert shares.to_numpy() == pytest.approx(0.2, abs=0.03)
    assert result.segments["customers"].sum() == 1682
