"""Days of a place, of moments in UTC."""

from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from crm.analytics import clocks


@pytest.mark.parametrize(
    ("zone", "shown", "moment"),
    [
        ("Asia/Shanghai", "2026-03-01", "2026-02-28T16:00"),
        ("America/New_York", "2026-03-01T12:30", "2026-03-01T17:30"),
        ("America/Havana", "2025-03-09", "2025-03-09T05:00"),  # it begins at one
        ("America/Havana", "2025-11-02", "2025-11-02T04:00"),  # midnight comes twice
    ],
)
def test_what_clocks_show_is_a_moment(zone: str, shown: str, moment: str) -> None:
    found = clocks.utc(pd.Timestamp(shown), ZoneInfo(zone))

    assert found == pd.Timestamp(moment)


def test_moments_are_of_the_days_there() -> None:
    moments = pd.Series(["2026-02-28T15:59:59", "2026-02-28T16:00", None])
    moments = moments.astype("datetime64[s]")

    days = clocks.days_of(moments, ZoneInfo("Asia/Shanghai"))

    assert days.dtype == moments.dtype
    assert days.dt.strftime("%m-%d").tolist()[:2] == ["02-28", "03-01"]
    assert days.isna().tolist() == [False, False, True]
