"""How many opportunities there were to learn from, to judge by and to score."""

from dataclasses import dataclass

from crm.analytics.deals.win_judging import Split
from crm.analytics.deals.win_landmarks import Known
from crm.analytics.deals.win_rows import Rows
from crm.analytics.deals.win_scoring import DAY, old_days
from crm.analytics.ranking import Interval
from crm.analytics.shares import wilson


@dataclass(frozen=True)
class Counts:
    """Opportunities; of pairs the second is how many of them were won.

    Attributes:
        closed: all that is.
        learned: closed before the split; `judged` since, at a moment of their way;
            `at_opening` opened and closed since.
        open: now; `old` of them open for more than `old_days`, the time by which `OLD`
            of all that was won had been won.
        no_rate: open ones whose amount is in a currency without a rate.
        not_followed: closed ones of which only the opening is known.
        left_out: those whose times are in no order, or lie ahead.
    """

    closed: tuple[int, int]
    learned: tuple[int, int]
    judged: tuple[int, int]
    at_opening: tuple[int, int]
    open: int
    old: int
    old_days: float | None
    no_rate: int
    not_followed: int
    left_out: int

    @property
    def base_rate(self) -> Interval | None:
        """Share won of what is closed, with Wilson's interval; None without any."""
        count, won = self.closed
        if not count:
            return None
        low, high = wilson(won, count)
        return Interval(won / count, float(low), float(high))


def counts(found: Known, known: Rows, parts: Split | None) -> Counts:
    """What there is, at the moment of `found`."""
    days = old_days(found)
    ages = (found.at - found.open["opened_at"]) / DAY
    nothing = (0, 0)
    return Counts(
        closed=known.counts,
        learned=parts.earlier.counts if parts else nothing,
        judged=parts.later.counts if parts else nothing,
        at_opening=parts.openings.counts if parts else nothing,
        open=len(found.open),
        old=int((ages > days).sum()) if days is not None else 0,
        old_days=days,
        no_rate=int(found.open["no_rate"].sum()),
        not_followed=int((~found.closed["opportunity_id"].isin(found.followed)).sum()),
        left_out=found.left_out,
    )
