"""How likely an open opportunity is won: by its stage and how long it is there.

Of all that were ever in a stage, the share that is won in the end is estimated after
Aalen and Johansen (1978): what is still open counts for as long as it has been open,
so that opportunities which nobody ever closes do not count as if they had not been.
Without any of them that is won / closed. Shares are smoothed: each stage is a
Beta-binomial draw around the share of all, which weighs as much as `WEIGHT` more
opportunities.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.deals.sales_book import UNKNOWN
from crm.frames import Schema, typed

WEIGHT = 10.0  # opportunities
EDGE = 1e-3  # no chance is nearer to 0 or 1

STAGE_CHANCES: Schema = {  # one row per stage that any opportunity was in
    "stage_id": "int64",
    "closed": "int64",  # of those that were in it
    "won": "int64",
    "still_open": "int64",
    "chance": "float64",  # to be won in the end, smoothed
}
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """What became of all that were in a stage, by days since they entered it.

    `left` is the share that is open longer than `days`, `won` the share won up to
    then; both begin at day 0 with 1 and 0. `stays` are the days of all, ascending.
    """

    days: Floats
    left: Floats
    won: Floats
    stays: Floats

    def chance(self, age: Floats) -> tuple[Floats, Floats]:
        """To be won, of what is open for so many days, and how many were so long.

        An age that fewer than `WEIGHT` have reached counts as the last one that so
        many have.
        """
        few = min(len(self.stays), int(WEIGHT))
        reached = self.stays[-few] if few else 0.0
        age = np.minimum(age, np.nextafter(reached, -1))
        at = np.searchsorted(self.days, age, side="right") - 1
        at = np.maximum(at, 0)
        longer = len(self.stays) - np.searchsorted(self.stays, age, side="right")
        rest = self.won[-1] - self.won[at]
        return rest / np.maximum(self.left[at], 1e-12), longer.astype("float64")


@dataclass(frozen=True)
class Chances:
    """Chances by stage as they are known at a moment; `table` as `STAGE_CHANCES`."""

    table: pd.DataFrame
    ways: dict[int, Way]

    def of(self, stages: pd.Series, ages: pd.Series) -> Floats:
        """The chance of each, by its stage and its days there."""
        found = np.full(len(stages), self.usual(UNKNOWN))
        for stage in pd.unique(stages):
            if (way := self.ways.get(int(stage))) is None:
                continue
            mine = (stages == stage).to_numpy()
            share, count = way.chance(ages.to_numpy(dtype="float64")[mine])
            prior = WEIGHT * self.usual(int(stage))
            found[mine] = (prior + count * share) / (WEIGHT + count)
        kept: Floats = np.clip(found, EDGE, 1 - EDGE)
        return kept

    def usual(self, stage: int) -> float:
        """The chance of what enters a stage; of one without a past, that of all."""
        mine = self.table[self.table["stage_id"] == stage]
        if mine.empty:
            mine = self.table[self.table["stage_id"] == UNKNOWN]
        return float(mine["chance"].iloc[0])

    def shifts(self, stages: Any, draws: int, rng: np.random.Generator) -> Any:
        """How far the odds of each stage may be off in truth: factors, by draw.

        Returns:
            A dictionary from stage to an array of `draws` factors.
        """
        rows = self.table.set_index("stage_id")
        whole = rows.loc[UNKNOWN]
        share = whole["chance"]
        every = rng.beta(
            1 + whole["closed"] * share, 1 + whole["closed"] * (1 - share), draws
        )
        every = np.clip(every, EDGE, 1 - EDGE)
        found = {}
        for stage in stages:
            count = rows["closed"].get(stage, 0)
            raw = rows["chance"].get(stage, share)
            if stage == UNKNOWN:
                drawn = every
            else:
                mine = np.clip(raw * (WEIGHT + count) - WEIGHT * share, 0, count)
                drawn = rng.beta(
                    WEIGHT * every + mine, WEIGHT * (1 - every) + count - mine
                )
            drawn = np.clip(drawn, EDGE, 1 - EDGE)
            found[stage] = odds(drawn) / odds(np.clip(raw, EDGE, 1 - EDGE))
        return found


def odds(chance: Any) -> Any:
    """p / (1 - p)."""
    return chance / (1 - chance)


def chances(spells: pd.DataFrame) -> Chances:
    """Learn from what is known at a moment.

    Args:
        spells: as from `sales_book.spells`, of that moment; not empty.
    """
    ways = {int(stage): _way(mine) for stage, mine in spells.groupby("stage_id")}
    counted = pd.crosstab(spells["stage_id"], spells["state"])
    counted = counted.reindex(columns=["won", "lost", "open"], fill_value=0)
    closed = counted["won"] + counted["lost"]
    raw = pd.Series({stage: way.won[-1] for stage, way in ways.items()})
    whole = (1 + closed[UNKNOWN] * raw[UNKNOWN]) / (2 + closed[UNKNOWN])
    chance = (WEIGHT * whole + closed * raw) / (WEIGHT + closed)
    chance[UNKNOWN] = whole
    table = pd.DataFrame({
        "stage_id": counted.index, "closed": closed.to_numpy(),
        "won": counted["won"].to_numpy(), "still_open": counted["open"].to_numpy(),
        "chance": chance.reindex(counted.index).to_numpy(),
    })  # fmt: skip
    return Chances(typed(table, STAGE_CHANCES), ways)


def _way(spells: pd.DataFrame) -> Way:
    days = spells["days"].to_numpy(dtype="float64")
    state = spells["state"].to_numpy()
    stays = np.sort(days)
    times = np.unique(days[state != "open"])
    at_risk = len(stays) - np.searchsorted(stays, times, side="left")
    won = _count(days[state == "won"], times)
    ends = won + _count(days[state == "lost"], times)
    left = np.cumprod(1 - ends / at_risk)
    before = np.concatenate([[1.0], left[:-1]])[: len(times)]
    share = np.cumsum(before * won / at_risk)
    return Way(
        np.concatenate([[0.0], times]),
        np.concatenate([[1.0], left]),
        np.concatenate([[0.0], share]),
        stays,
    )


def _count(days: Floats, times: Floats) -> Floats:
    found = np.zeros(len(times))
    np.add.at(found, np.searchsorted(times, days), 1)
    return found
