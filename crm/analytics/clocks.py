"""Moments in UTC, and what the clocks of a place show then.

Tables hold times naive and in UTC, so that a span has the hours that passed, also
where clocks were changed meanwhile; days and months are those of a place.
"""

from datetime import UTC, tzinfo

import pandas as pd


def there(moments: pd.Series, zone: tzinfo) -> pd.Series:
    """What clocks in `zone` show at `moments` (naive, UTC), naive again."""
    aware = moments.dt.tz_localize(UTC).dt.tz_convert(zone)
    shown: pd.Series = aware.dt.tz_localize(None)
    return shown


def days_of(moments: pd.Series, zone: tzinfo) -> pd.Series:
    """The days on which `moments` (naive, UTC) are in `zone`, as naive midnights."""
    days: pd.Series = there(moments, zone).dt.normalize()
    return days


def utc(shown: pd.Timestamp, zone: tzinfo) -> pd.Timestamp:
    """The moment (naive, UTC) at which clocks in `zone` show `shown`.

    The first of them where that is twice; where it is never, that of the change.
    """
    aware = shown.to_pydatetime().replace(tzinfo=zone)
    return pd.Timestamp(aware.astimezone(UTC).replace(tzinfo=None))
