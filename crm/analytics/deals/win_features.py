"""What the chance to win is foretold from: what was known at a moment, and no more.

Not looked at, since it is filled in at the end or nobody knows since when it stands:
the competitor, the reasons, the remark at the end, the category of the forecast. Of
opportunities that came in when they had ended, neither are amount and close date.
"""

import pandas as pd

from crm.analytics import clocks
from crm.analytics.deals import win_events
from crm.analytics.deals.win_landmarks import Known, Past, open_stages
from crm.frames import Schema, typed
from crm.i18n import N_

FEATURES = {
    "stage": N_("Stage"),
    "days_open": N_("Days open"),
    "days_in_stage": N_("Days in the stage"),
    "amount": N_("Amount"),
    "restated": N_("How often the amount was restated"),
    "close_passed": N_("Days past the expected close"),
    "pushed": N_("How often the expected close was put off"),
    "owner_rate": N_("Earlier win rate of the owner"),
    "customer_wins": N_("Earlier wins with the customer"),
    "customer_losses": N_("Earlier losses with the customer"),
    "activities": N_("Activities so far"),
    "quiet": N_("Days since the last activity"),
    "planned": N_("A next step is planned"),
    "steps_done": N_("Next steps done so far"),
}
GROUPS = {  # what is entered, as words
    "source": N_("Source"),
    "product": N_("Product"),
    "customer_kind": N_("Kind of customer"),
    "sector": N_("Sector"),
    "country": N_("Country"),
}
THEMES = {  # features that speak of one thing count together as one reason
    "stage": ("stage", "stages"),
    "time": ("days_open", "days_in_stage"),
    "amount": ("amount",),
    "restated": ("restated",),
    "close_date": ("close_passed", "pushed"),
    "owner": ("owner_rate",),
    "customer": ("customer_wins", "customer_losses"),
    "activity": ("activities", "quiet"),
    "next_step": ("planned", "steps_done"),
} | {name: (name,) for name in GROUPS}
PLAIN = frozenset({"stage", "owner_rate", "planned"})  # the others by their logarithm

DESCRIBED: Schema = (
    dict.fromkeys(FEATURES, "float64")  # NaN where it is not known
    | {"stages": "float64"}  # how many open ones the pipeline has; told, not learned
    | dict.fromkeys(GROUPS, "str")
)
PRIOR = 10  # closed opportunities that an owner's rate is drawn to the mean by


def described(rows: pd.DataFrame, past: Past, found: Known) -> pd.DataFrame:
    """What was known of each opportunity at each moment, as in `DESCRIBED`.

    Owner, customer and the words are those entered now. A next step counts as planned
    from when it was written down until it is done: when it is due may have been moved
    since. All times are in days; `stage` is the place among the open ones, 0 to 1.

    Args:
        rows: as in `win_landmarks.LANDMARKS`, in any order.
    """
    about = pd.concat([found.closed, found.open]).set_index("opportunity_id")
    table = rows[["opportunity_id", "at"]].reset_index(drop=True)
    table = table.join(about, on="opportunity_id").reset_index(names="row")
    table["days_open"] = win_events.days(table["at"] - table["opened_at"])
    table = table.sort_values(["at", "row"], ignore_index=True)
    for part in (
        _stage(table, past),
        _estimate(table, past, found),
        _owner(table, found.closed),
        _customer(table, found.closed),
        _activity(table, past),
        _steps(table, past),
    ):
        table[part.columns] = part.to_numpy()
    ordered = table.sort_values("row", ignore_index=True)
    ordered[list(GROUPS)] = ordered[list(GROUPS)].fillna("")
    return typed(ordered, DESCRIBED)


def _stage(table: pd.DataFrame, past: Past) -> pd.DataFrame:
    """The stage by the moves; of what is open and has none, that entered now."""
    moves = past.changes[["opportunity_id", "at", "to_stage_id"]]
    moves = moves.assign(since=moves["at"]).rename(columns={"to_stage_id": "in_stage"})
    last = win_events.latest(table, moves, "opportunity_id")
    never_moved = last["in_stage"].isna() & table["state"].eq("open")
    stage = last["in_stage"].where(~never_moved, table["stage_id"])
    places = open_stages(past).set_index("stage_id")
    place, count = (stage.map(places[name]) for name in ("place", "places"))
    return pd.DataFrame(
        {
            "stage": place / count,
            "stages": count,
            "days_in_stage": win_events.days(table["at"] - last["since"]),
        }
    )


def _estimate(table: pd.DataFrame, past: Past, found: Known) -> pd.DataFrame:
    """What was expected by then, and how often that had changed."""
    told = past.estimates
    told = told[told["opportunity_id"].isin(found.followed)]
    before = told.groupby("opportunity_id")[["amount", "close_on"]].shift()
    both = told["amount"].notna() & before["amount"].notna()
    restated = both & (told["amount"] != before["amount"])
    pushed = told["close_on"] > before["close_on"]
    told = told.assign(
        restated=restated.groupby(told["opportunity_id"]).cumsum(),
        pushed=pushed.groupby(told["opportunity_id"]).cumsum(),
    )
    last = win_events.latest(table, told, "opportunity_id")
    late = win_events.days(clocks.days_of(table["at"], past.zone) - last["close_on"])
    kept = last[["amount", "restated", "pushed"]].astype("float64")
    return kept.assign(close_passed=late.clip(lower=0))


def _owner(table: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    """Of what was closed before: the owner's share won, drawn towards that of all."""
    mine = win_events.record(table, closed, "owner_id")
    everybody = win_events.record(table.assign(all=0), closed.assign(all=0), "all")
    rate = everybody["wins"] / everybody["ended"].where(everybody["ended"] > 0)
    drawn = (mine["wins"] + PRIOR * rate) / (mine["ended"] + PRIOR)
    return pd.DataFrame({"owner_rate": drawn.where(table["owner_id"].notna())})


def _customer(table: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    record = win_events.record(table, closed, "customer_id")
    losses = record["ended"] - record["wins"]
    return pd.DataFrame({"customer_wins": record["wins"], "customer_losses": losses})


def _activity(table: pd.DataFrame, past: Past) -> pd.DataFrame:
    """Notes, calls, meetings and mails; tasks count as next steps."""
    contacts = past.contacted[past.contacted["kind"] != "task"]
    last = win_events.counted(table, contacts.assign(last=contacts["at"]))
    quiet = win_events.days(table["at"] - last["last"])  # unknown where there was none
    return pd.DataFrame({"activities": last["count"], "quiet": quiet})


def _steps(table: pd.DataFrame, past: Past) -> pd.DataFrame:
    made = past.steps.assign(at=past.steps["made_at"])
    done = past.steps.assign(at=past.steps["done_at"]).dropna(subset="at")
    written, ended = (win_events.counted(table, one)["count"] for one in (made, done))
    planned = (written > ended).astype("float64")
    return pd.DataFrame({"planned": planned, "steps_done": ended})
