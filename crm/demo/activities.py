"""What happened with customers, and what is to be done: notes, calls, tasks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import team
from crm.demo.pools import lengths, pick, pick_from

OPEN = 0.035  # share of all activities
OVERDUE, TODAY = 0.2, 0.16  # shares of the open ones; the rest lies ahead
AHEAD_DAYS, BEHIND_DAYS = 21, 12
UNPLANNED = ("note", "mail")  # kinds that are never due
BY_SERVICE = 0.15  # share of activities
WORKDAY = (8, 17)  # hours, UTC


@dataclass(frozen=True)
class Kind:
    """One kind of activity: its share of the past and of what is open, its texts."""

    name: str
    past: float
    open: float
    texts: tuple[tuple[str, str], ...]  # subject and body


THINGS = (
    "coffee beans", "capsules", "copy paper", "oat drink", "toner", "espresso machines",
    "grinders", "swivel chairs", "standing desks", "tea", "mineral water", "biscuits",
    "label printers", "whiteboards", "paper cups", "water filters",
)  # fmt: skip
TASTES = (
    "the new espresso roast",
    "the organic Peru",
    "matcha",
    "chai latte",
    "oat bars",
)
KINDS = (
    Kind("note", 0.24, 0, (
        ("Prefers delivery before nine", "Reception is only staffed until noon. Ring twice."),
        ("Growing team", "Expects a dozen new colleagues by spring and will need {thing}."),
        ("Asked about {thing}", "Compared our price with another offer. Wants an answer in writing."),
        ("Happy with the last order", "Everything came complete. Liked the note in the parcel."),
        ("Invoice goes to accounts", "New address for invoices, the old mailbox is not read any more."),
        ("Sustainability matters", "Asked which of {thing} come without plastic."),
        ("Moving next quarter", "Moves to a larger floor. Good moment to talk about {thing}."),
    )),
    Kind("call", 0.24, 0.3, (
        ("Reorder of {thing}", "Went through the usual quantities; a small change for {thing}."),
        ("Question about delivery", "Asked for a time window. Told them two hours are possible."),
        ("Follow-up on the quote for {thing}", "Decision is with the managing director, call again."),
        ("Complaint about {thing}", "Box was damaged. Replacement agreed; say sorry in person."),
        ("Check in", "No order for a while. Find out how things are and what is missing."),
        ("Prices from January", "Explained the new list. They would like to fix {thing} for a year."),
    )),
    Kind("mail", 0.3, 0, (
        ("Quote for {thing}", "As discussed, our offer for {thing}, valid for four weeks."),
        ("Thank you for your order", "Your order is on its way and should arrive within two days."),
        ("Samples of {taste}", "The samples left us today. Tell us what you think."),
        ("Re: availability of {thing}", "Back in stock on Monday; we have set some aside for you."),
        ("Re: invoice", "Attached is the corrected invoice with your purchase number."),
    )),
    Kind("meeting", 0.08, 0.15, (
        ("Yearly review", "Volumes, prices, what to do better. They wish for one contact only."),
        ("Tasting at their office", "Three roasts and {taste}. House blend won clearly."),
        ("Showroom visit", "Looked at {thing} and measured the kitchen corner."),
        ("Kick-off for the new floor", "Plan, dates, and who decides what. Offer follows."),
    )),
    Kind("task", 0.14, 0.5, (
        ("Send quote for {thing}", "Quantities as last year, with the better payment terms."),
        ("Renew the framework agreement", "Runs out soon. Prepare volumes and a proposal."),
        ("Call back about {thing}", "Asked twice. Mornings are best."),
        ("Check the open return", "Goods are back; see that the credit note is out."),
        ("Send samples of {taste}", "To the office manager, with a handwritten card."),
        ("Confirm delivery date", "Half of the order is late; offer to split it."),
    )),
)  # fmt: skip


def draw_activities(
    customers: pd.DataFrame, today: date, count: int, rng: Any
) -> pd.DataFrame:
    """Draw `count` activities of `customers`, some of them still to be done.

    Args:
        customers: `external_id`, `owner`, `created_on`, and the weights of what
            happens with it (`busy`) and of what may be `open`.

    Returns:
        `customer_external_id`, `kind`, `subject`, `body`, `created_at`, `due_at`
        (NaT for notes and mails), `done_at` (NaT while open), `owner`; by time of creation.
    """
    upcoming = round(count * OPEN)
    past = history(customers, today, count - upcoming, rng)
    pending = agenda(customers, today, upcoming, rng)
    return (
        pd.concat([past, pending], ignore_index=True)
        .sort_values(["created_at", "customer_external_id"], kind="stable")
        .reset_index(drop=True)
    )


def history(customers: pd.DataFrame, today: date, count: int, rng: Any) -> pd.DataFrame:
    """What is done."""
    weight = customers["busy"].to_numpy()
    who = rng.choice(len(customers), count, p=weight / weight.sum())
    rows = described(customers, who, np.array([kind.past for kind in KINDS]), rng)
    since = days(customers["created_on"])[who]
    span = (np.datetime64(today, "D") - since).astype(int)
    day = since + (rng.random(count) * span).astype("timedelta64[D]")
    done = working_hours(np.maximum(weekday(day), since), rng)
    due = np.where(rows["kind"].isin(UNPLANNED), np.datetime64("NaT"), done)
    return rows.assign(created_at=done, due_at=due, done_at=done)


def agenda(customers: pd.DataFrame, today: date, count: int, rng: Any) -> pd.DataFrame:
    """What is open: overdue, due today, ahead."""
    weight = customers["open"].to_numpy()
    who = rng.choice(len(customers), count, p=weight / weight.sum())
    rows = described(customers, who, np.array([kind.open for kind in KINDS]), rng)
    late, now = round(count * OVERDUE), round(count * TODAY)
    due = np.datetime64(today, "D") + np.concatenate(
        [
            -rng.integers(1, BEHIND_DAYS + 1, late),
            np.zeros(now, int),
            rng.integers(1, AHEAD_DAYS + 1, count - late - now),
        ]
    )
    made = np.minimum(due, np.datetime64(today, "D")) - rng.integers(1, 15, count)
    due[:late] = weekday(due[:late])
    due[late + now :] = np.busday_offset(due[late + now :], 0, roll="forward")
    made = np.maximum(weekday(made), days(customers["created_on"])[who])
    return rows.assign(
        created_at=working_hours(np.minimum(made, due), rng),
        due_at=working_hours(due, rng),
        done_at=np.datetime64("NaT", "s"),
    )


def days(dates: pd.Series) -> Any:
    return dates.to_numpy().astype("datetime64[D]")


def weekday(day: Any) -> Any:
    """`day`, or the Friday before it."""
    return np.busday_offset(day, 0, roll="backward")


def described(customers: pd.DataFrame, who: Any, shares: Any, rng: Any) -> pd.DataFrame:
    """Customer, owner, kind and texts of activities with the customers `who`."""
    kind = rng.choice(len(KINDS), len(who), p=shares / shares.sum())
    subjects = [[subject for subject, _body in texts(one)] for one in KINDS]
    bodies = [[body for _subject, body in texts(one)] for one in KINDS]
    place = (rng.random(len(who)) * lengths(subjects)[kind]).astype(int)
    return pd.DataFrame(
        {
            "customer_external_id": pick(customers["external_id"], who),
            "kind": pick([one.name for one in KINDS], kind),
            "subject": pick_from(subjects, kind, place),
            "body": pick_from(bodies, kind, place),
            "owner": with_service(pick(customers["owner"], who), rng),
        }
    )


def texts(kind: Kind) -> list[tuple[str, str]]:
    """All subjects and bodies of one kind of activity."""
    return texts_of(kind.texts)


def texts_of(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """All texts that `pairs` stand for, about every thing."""
    return [
        (
            subject.format(thing=thing, taste=TASTES[number % len(TASTES)]),
            body.format(thing=thing, taste=TASTES[number % len(TASTES)]),
        )
        for subject, body in pairs
        for number, thing in enumerate(THINGS)
    ]


def with_service(owners: pd.Series, rng: Any) -> pd.Series:
    """`owners`, but for what the people of the service team take over."""
    users = team.users()
    service = users.loc[users["team"] == "Service", "email"]
    theirs = pick(service, rng.integers(0, len(service), len(owners)))
    return owners.mask(rng.random(len(owners)) < BY_SERVICE, theirs)


def working_hours(day: Any, rng: Any) -> Any:
    """An instant on `day`, on a quarter of an hour."""
    quarters = rng.integers(WORKDAY[0] * 4, WORKDAY[1] * 4, len(day))
    return day.astype("datetime64[s]") + (quarters * 900).astype("timedelta64[s]")
