"""Days and moments as people write them become dates and aware times."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.imports.moments import day, moment
from crm.services.imports.votes import DateOrder, DateVotes, date_votes
from tests.services.imports.files import cells, values

DAY_FIRST, MONTH_FIRST = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST
BERLIN = ZoneInfo("Europe/Berlin")
FIFTH_OF_JANUARY = datetime(2026, 1, 5, tzinfo=UTC)
TWO_THIRTY = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-05",
        "2026-1-5",
        "2026/01/05",
        "2026/1/5",
        "2026.01.05",
        "20260105",
        "05.01.2026",
        "5.1.2026",
        "05/01/2026",
        "5-1-2026",
        "5/1/26",
        "2026年1月5日",
        "2026年01月05号",
        "5-Jan-26",
        "5 Jan 2026",
        "5. Januar 2026",
        "5 janvier 2026",
        "Jan 5, 2026",
        "January 5th, 2026",
        "46027",  # a spreadsheet's serial number
    ],
)
def test_a_day_is_understood(cell: str) -> None:
    assert values(moment(cells(cell))) == [FIFTH_OF_JANUARY]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-05 14:30",
        "2026-01-05T14:30:00",
        "2026-01-05 14:30:00.000",
        "2026-01-05T14:30:00Z",
        "2026-01-05T15:30:00+01:00",
        "2026-01-05 09:30:00 -0500",
        "05.01.2026 14:30",
        "5.1.2026, 14:30 Uhr",
        "5/1/2026 2:30 PM",
        "5/1/2026 2:30:00 p.m.",
        "2026年1月5日 14:30",
        "2026年1月5日14时30分",
        "2026年1月5日 下午2:30",
        "46027.6041666667",
    ],
)
def test_a_moment_is_understood(cell: str) -> None:
    assert values(moment(cells(cell))) == [TWO_THIRTY]


@pytest.mark.parametrize(
    ("cell", "order", "value"),
    [
        ("05/06/2026", DAY_FIRST, datetime(2026, 6, 5, tzinfo=UTC)),
        ("05/06/2026", MONTH_FIRST, datetime(2026, 5, 6, tzinfo=UTC)),
        ("05.06.2026", MONTH_FIRST, datetime(2026, 6, 5, tzinfo=UTC)),
        ("13/06/2026", MONTH_FIRST, "NO_SUCH_DAY"),
        ("06/13/2026", DAY_FIRST, "NO_SUCH_DAY"),
    ],
)
def test_the_order_says_what_slashes_mean(
    cell: str, order: DateOrder, value: object
) -> None:
    assert values(moment(cells(cell), order)) == [value]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31.02.2026", "NO_SUCH_DAY"),
        ("2026-02-30", "NO_SUCH_DAY"),
        ("2026-13-01", "NO_SUCH_DAY"),
        ("0201-01-05", "YEAR_OUT_OF_RANGE"),
        ("2300-01-05", "YEAR_OUT_OF_RANGE"),
        ("soon", "NOT_A_DATE"),
        ("2019", "NOT_A_DATE"),  # a year, not the serial number of 1905
        ("12:30", "NOT_A_DATE"),
        ("2026-01-05 25:00", "NOT_A_DATE"),
        ("2026-01-05 13:00 PM", "NOT_A_DATE"),
        ("5/1-2026", "NOT_A_DATE"),
        ("2026-01-05 and more", "NOT_A_DATE"),
        ("5 Foo 2026", "NOT_A_DATE"),
    ],
)
def test_what_is_no_date_is_told(cell: str, reason: str) -> None:
    assert values(moment(cells(cell))) == [reason]


def test_times_without_a_zone_are_taken_in_the_given_one() -> None:
    column = cells("2026-01-05 15:30:00", "2026-07-05 16:30:00")

    assert values(moment(column, zone=BERLIN)) == [
        TWO_THIRTY,
        datetime(2026, 7, 5, 14, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize("cell", ["2026-03-29 02:30:00", "Mar 29, 2026 2:30 am"])
def test_a_time_that_the_clocks_skip_is_told(cell: str) -> None:
    assert values(moment(cells(cell), zone=BERLIN)) == ["NO_SUCH_TIME"]


@pytest.mark.parametrize("cell", ["2026-10-25 02:30:00", "Oct 25, 2026 2:30 am"])
def test_of_an_hour_that_comes_twice_the_first_is_meant(cell: str) -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert values(moment(cells(cell), zone=BERLIN)) == [first]


def test_a_bad_cell_does_not_touch_its_neighbours() -> None:
    column = cells("2026-01-05", "x", "", "5.1.2026")

    assert values(moment(column)) == [
        FIFTH_OF_JANUARY,
        "NOT_A_DATE",
        None,
        FIFTH_OF_JANUARY,
    ]


def test_a_column_may_be_empty_or_blank() -> None:
    assert values(moment(cells())) == []
    assert values(moment(cells("", " "))) == [None, None]


def test_microseconds_are_kept() -> None:
    exact = datetime(2026, 1, 5, 8, 26, 0, 123456, tzinfo=UTC)

    assert values(moment(cells("2026-01-05 08:26:00.123456"))) == [exact]


def test_a_day_leaves_the_time_out() -> None:
    column = cells("5.1.2026 23:59", "", "x")

    assert values(day(column)) == [date(2026, 1, 5), None, "NOT_A_DATE"]


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)),  # noqa: DTZ001  (naive is meant)
    st.sampled_from(
        [
            *("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S"),
            *("%Y/%m/%d %H:%M:%S", "%d %b %Y %I:%M:%S %p", "%Y年%m月%d日 %H:%M:%S"),
        ]
    ),
)
@pytest.mark.slow
def test_a_written_moment_is_read_back(at: datetime, pattern: str) -> None:
    at = at.replace(microsecond=0)

    assert values(moment(cells(at.strftime(pattern)))) == [at.replace(tzinfo=UTC)]


@given(
    st.from_regex(
        r"\d{1,2}[./-]\d{1,2}[./-]\d{4}( \d{1,2}:\d{2}(:\d{2})?)?", fullmatch=True
    )
)
@pytest.mark.slow
def test_a_cell_means_the_same_alone_and_among_others(cell: str) -> None:
    for order in DateOrder:
        alone = values(moment(cells(cell), order, BERLIN))
        among = values(moment(cells("nonsense", cell), order, BERLIN))

        assert alone == among[1:]


def test_a_day_over_twelve_tells_the_order() -> None:
    assert date_votes(cells("05/06/2026", "13/06/2026")).order is DAY_FIRST
    assert date_votes(cells("05/06/2026", "06/13/2026")).order is MONTH_FIRST


def test_dates_that_fit_both_orders_are_put_to_the_user() -> None:
    votes = date_votes(cells("05/06/2026", "07/07/2026"))

    assert votes.order is DAY_FIRST
    assert votes.doubt == (
        "“05/06/2026” can be read in two ways; it is taken as in 31/12/2026."
    )


def test_dates_in_both_orders_are_told() -> None:
    votes = date_votes(cells("13/06/2026", "06/13/2026"))

    assert votes.doubt.startswith("Dates are written in two orders")


def test_clear_dates_leave_no_doubt() -> None:
    clear = cells("2026-05-06", "05.06.2026", "07/07/2026", "5 Jun 2026", "")

    assert date_votes(clear) == DateVotes()


def test_votes_of_chunks_add_up() -> None:
    votes = date_votes(cells("05/06/2026 10:00")) + date_votes(cells("06/13/26"))

    assert (votes.order, votes.doubt) == (MONTH_FIRST, "")
