"""What customers of Larkfield ask, say and complain of, and until when it was open.

Who decides to leave has had more problems shortly before (`truths.TROUBLE`); else
tickets have nothing to do with what is bought.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import team, truths
from crm.demo.activities import days, texts_of, weekday, working_hours
from crm.demo.pools import pick

A_YEAR = 1.0  # tickets of a customer, of all kinds, but for what is planted
YEAR = 365.25
FORGOTTEN = 0.02  # share of tickets that nobody ever solves
FRESH, KEPT = 4, 14  # days: newer ones are new; what was solved earlier is closed
NAMED = 0.7  # share of tickets whose contact is known, where there is one
SOURCES = {"e-mail": 0.55, "phone": 0.3, "web form": 0.15}
NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class Kind:
    """One kind of ticket: its share, days to solve it on average, its texts."""

    name: str
    share: float
    takes: float
    priorities: dict[str, float]
    texts: tuple[tuple[str, str], ...]  # subject and description


CALM = {"low": 0.2, "normal": 0.75, "high": 0.05, "urgent": 0.0}
KINDS = (
    Kind("inquiry", 0.5, 1.5, CALM, (
        ("When will {thing} be back?", "The shop says out of stock. We would wait two weeks."),
        ("Question about the invoice", "Please put our purchase number on it and send it again."),
        ("Data sheet for {thing}", "Our purchasing asks for it before they release the order."),
        ("Change of delivery address", "From the first of next month everything goes to the new floor."),
        ("Is {taste} organic?", "A colleague asked, and we could not find it on the packet."),
    )),
    Kind("feedback", 0.15, 3.0, CALM, (
        ("{thing}: well received", "Everyone likes it here. Thank you for the advice."),
        ("The new shop is hard to search", "We order by our own list and cannot find the old names."),
        ("Too much cardboard", "Three boxes for what fits into one. Please think about it."),
        ("{taste} was a good idea", "The sample is empty already. More of that."),
    )),
    Kind("problem", truths.PROBLEMS, 9.0, {"low": 0.05, "normal": 0.5, "high": 0.33, "urgent": 0.12}, (
        ("{thing} damaged on arrival", "The box was open and wet. Photos are attached to the mail."),
        ("Half of the order is missing", "The note says complete, but two boxes did not come."),
        ("{thing} does not work", "It worked for a week. The lamp blinks red and nothing happens."),
        ("Delivered too late again", "The third time this quarter. The meeting had no coffee."),
        ("Wrong price on the invoice", "We agreed on another one in January. Please correct it."),
    )),
)  # fmt: skip


def draw_tickets(
    customers: pd.DataFrame, contacts: pd.DataFrame, today: date, rng: Any
) -> pd.DataFrame:
    """The tickets as they stand on the morning of `today`, by their opening.

    Args:
        customers: `external_id`, and days (NaT for never): `since` when it is a
            customer, `until` when it is gone, `leaving_on` when it decided to leave.
        contacts: `crm.demo.company.CONTACTS`.

    Returns:
        `crm.demo.company.TICKETS`.
    """
    now = np.datetime64(today, "D")
    table = pd.concat([_usual(customers, now, rng), _trouble(customers, rng)])
    table = table.reset_index(drop=True)
    table = _told(_solved(table, now, rng), rng)
    table["contact_external_id"] = _contacts(table, contacts, rng)
    order = ["opened_at", "customer_external_id"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _usual(customers: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """What comes at any time, of all kinds."""
    since, until = days(customers["since"]), days(customers["until"])
    end = np.where(np.isnat(until), now, np.minimum(until, now))
    span = np.maximum((end - since).astype(int), 0)
    who = np.repeat(np.arange(len(span)), rng.poisson(A_YEAR * span / YEAR))
    shares = np.array([kind.share for kind in KINDS])
    kind = rng.choice(len(KINDS), len(who), p=shares)
    return _opened(customers, who, kind, (since, span), rng)


def _trouble(customers: pd.DataFrame, rng: Any) -> pd.DataFrame:
    """The problems that those who leave have had besides."""
    leaving, since = days(customers["leaving_on"]), days(customers["since"])
    first = np.maximum(leaving - truths.TROUBLE_DAYS, since)
    span = np.where(np.isnat(leaving), 0, (leaving - first).astype(int))
    more = A_YEAR * truths.PROBLEMS * (truths.TROUBLE - 1)
    who = np.repeat(
        np.arange(len(span)), rng.poisson(more * np.maximum(span, 0) / YEAR)
    )
    kind = np.full(len(who), [one.name for one in KINDS].index("problem"))
    return _opened(customers, who, kind, (first, span), rng)


def _opened(
    customers: pd.DataFrame, who: Any, kind: Any, window: tuple[Any, Any], rng: Any
) -> pd.DataFrame:
    """Tickets of the customers `who`, each on a day of its window (start, days)."""
    first, span = (side[who] for side in window)
    day = first + (rng.random(len(who)) * span).astype("timedelta64[D]")
    day = np.maximum(weekday(day), first)
    return pd.DataFrame(
        {
            "customer_external_id": pick(customers["external_id"], who),
            "place": kind,
            "opened_at": working_hours(day, rng),
        }
    )


def _solved(table: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """`solved_at`, and the status that follows."""
    count, opened = len(table), table["opened_at"].to_numpy()
    takes = np.array([kind.takes for kind in KINDS])[table["place"]]
    took = (1 / 24 + rng.gamma(1.2, takes / 1.2)) * 86_400
    solved = opened + took.astype("timedelta64[s]")
    solved[rng.random(count) < FORGOTTEN] = NEVER
    solved[~(solved < now)] = NEVER
    is_open, day = np.isnat(solved), np.timedelta64(1, "D")
    ours = np.where(rng.random(count) < 0.6, "open", "waiting")
    ours = np.where(opened > now - FRESH * day, "new", ours)
    over = np.where(solved < now - KEPT * day, "closed", "solved")
    return table.assign(solved_at=solved, status=np.where(is_open, ours, over))


def _told(table: pd.DataFrame, rng: Any) -> pd.DataFrame:
    """Texts, how much it hurts, by which way it came, who sees to it."""
    place, count = table["place"].to_numpy(), len(table)
    said = [texts_of(kind.texts) for kind in KINDS]
    which = (rng.random(count) * np.array([len(one) for one in said])[place]).astype(
        int
    )
    pairs = [said[kind][one] for kind, one in zip(place, which, strict=True)]
    service = team.users().query("team == 'Service'")["email"]
    hurts = [_weighted(kind.priorities, count, rng) for kind in KINDS]
    return table.assign(
        kind=pick([kind.name for kind in KINDS], place),
        subject=pd.Series([subject for subject, _text in pairs], dtype="str"),
        description=pd.Series([text for _subject, text in pairs], dtype="str"),
        priority=np.array(hurts)[place, np.arange(count)],
        source=_weighted(SOURCES, count, rng),
        owner=pick(service, rng.integers(0, len(service), count)),
    )


def _weighted(choices: dict[str, float], count: int, rng: Any) -> Any:
    shares = np.array(list(choices.values()))
    return rng.choice(list(choices), count, p=shares / shares.sum())


def _contacts(table: pd.DataFrame, contacts: pd.DataFrame, rng: Any) -> pd.Series:
    """The first contact of the customer, where somebody is named."""
    first = contacts.drop_duplicates("customer_external_id")
    known = first.set_index("customer_external_id")["external_id"]
    found = table["customer_external_id"].map(known).fillna("").astype("str")
    return found.where(rng.random(len(table)) < NAMED, "")
