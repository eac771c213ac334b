"""Who may buy from Larkfield one day: the leads of two years and what became of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import people, team, truths
from crm.demo.activities import working_hours
from crm.demo.contacts import draw_contacts
from crm.demo.pools import pick

SHARE = 0.45  # leads, of the number of customers
SINCE = 730  # days
TAKES = 30.0  # days until it ends, on average
FORGOTTEN = 0.05  # share of leads that nobody ever brings to an end
FRESH = 10  # days: nobody has taken up those that are newer
OWN_DOMAIN = 0.6  # share that writes from the domain of the company
MISSING = {"company": 0.1, "email": 0.06, "phone": 0.25}
WHY = {
    "no_need": 0.3, "no_budget": 0.2, "no_answer": 0.35, "wrong_data": 0.1,
    "duplicate": 0.05,
}  # fmt: skip
NOTES = (
    "",
    "",
    "Wants a call back.",
    "Asked for the catalogue and the price list.",
    "Moves into a new office next quarter and needs coffee for about forty people.",
    "Compares us with the present supplier; sends the list of what they order a month.",
)
DAY = np.timedelta64(86_400, "s")
NEVER = np.datetime64("NaT")
OTHER_SOURCE, TAKEN = 1e4, 1e6  # days that an opportunity is further off

Tables = Mapping[str, pd.DataFrame]


def draw_leads(count: int, today: date, tables: Tables, rng: Any) -> pd.DataFrame:
    """The leads as they stand on the morning of `today`, by their creation.

    Those that were converted have become opportunities that are there: they have its
    customer, and the name and address of the customer's first contact.

    Args:
        tables: of the company: `customers`, `contacts`, `opportunities`.

    Returns:
        `crm.demo.company.LEADS`.
    """
    now = np.datetime64(today, "s")
    table = _strangers(count, rng).join(_times(count, now, rng))
    converts = rng.random(count) < chance(table["source"], table["own_domain"])
    converts &= table["ended_at"] < now
    table["opportunity"] = _became(table, converts, tables["opportunities"])
    table = _described(_told(_introduced(table, tables)), now, rng)
    return table.sort_values("created_at", kind="stable", ignore_index=True)


def chance(source: pd.Series, own_domain: Any) -> Any:
    """To be converted, of each."""
    share = np.full(len(source), truths.CONVERTS)
    for (field, level), ratio in truths.CONVERTS_MORE.items():
        holds = source == level if field == "source" else own_domain
        share = share * np.where(holds, ratio, 1.0)
    return share


def _strangers(count: int, rng: Any) -> pd.DataFrame:
    """Who nobody knows yet, at companies of which some tell the name."""
    nobody = pd.Series([""] * count, dtype="str")
    firms = people.customers(nobody, np.ones(count, dtype=bool), rng)
    firms["segment"], firms["external_id"] = "", [str(n) for n in range(count)]
    persons = draw_contacts(firms, rng).drop_duplicates("customer_external_id")
    persons = persons.reset_index(drop=True)
    told = {name: rng.random(count) >= share for name, share in MISSING.items()}
    return pd.DataFrame(
        {
            "name": full_name(persons),
            "company": firms["name"],
            "email": persons["email"],
            "phone": persons["phone"],
            "language": persons["language"],
            "source": firms["source"],
            "own_domain": (rng.random(count) < OWN_DOMAIN) & told["email"],
            **{f"tells_{name}": tells for name, tells in told.items()},
        }
    )


def _times(count: int, now: Any, rng: Any) -> pd.DataFrame:
    """`created_at` and `ended_at`, which may lie ahead; NaT where it never ends."""
    ago = rng.integers(1, SINCE + 1, count)
    created = working_hours(now.astype("datetime64[D]") - ago, rng)
    took = 1 / 24 + rng.gamma(1.5, TAKES / 1.5, count)  # days
    ends = created + (took * 86_400).astype("int64").astype("timedelta64[s]")
    ends[rng.random(count) < FORGOTTEN] = NEVER
    return pd.DataFrame({"created_at": created, "ended_at": ends})


def _became(table: pd.DataFrame, converts: Any, opportunities: pd.DataFrame) -> Any:
    """The row of the opportunity that each was converted to, else -1.

    Each takes one that was opened after it came in, of the same source where there is
    one left, and as near as can be to when it ended.
    """
    became = np.full(len(table), -1)
    opened = opportunities["entered_0"].to_numpy().astype("datetime64[s]")
    source = opportunities["source"].to_numpy()
    taken = np.zeros(len(opened))
    for row in table[converts].sort_values("ended_at").itertuples():
        end, begun = (np.datetime64(at, "s") for at in (row.ended_at, row.created_at))
        off = np.abs((opened - end) / DAY) + taken
        off += OTHER_SOURCE * (source != row.source) + TAKEN * (opened <= begun)
        if len(off) and off.min() < TAKEN:
            became[row.Index] = off.argmin()
            taken[off.argmin()] = TAKEN
    return became


def _introduced(table: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Converted ones as whom they turned out to be."""
    is_known = table["opportunity"] >= 0
    became = tables["opportunities"].iloc[table.loc[is_known, "opportunity"]]
    ids = became["customer_external_id"].to_numpy()
    contacts = tables["contacts"].drop_duplicates("customer_external_id")
    them = contacts.set_index("customer_external_id").loc[ids]
    names = tables["customers"].set_index("external_id")["name"]
    them = them.assign(name=full_name(them), company=names.loc[ids])
    for column in ("name", "company", "email", "phone", "language"):
        table.loc[is_known, column] = them[column].to_numpy()
    table["customer_external_id"] = pd.Series(ids, table.index[is_known], dtype="str")
    table.loc[is_known, "ended_at"] = became["entered_0"].to_numpy()
    return table


def _described(table: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """How it stands, who looks after it, what is noted."""
    count = len(table)
    is_fresh = table["created_at"] > now - FRESH * DAY
    has_ended = table["ended_at"] < now
    state = np.where(has_ended, "disqualified", np.where(is_fresh, "new", "working"))
    status = np.where(table["opportunity"] >= 0, "converted", state)
    why = rng.choice(list(WHY), count, p=list(WHY.values()))
    users = team.users()
    sellers = users.loc[users["team"] == "Field sales", "email"]
    return table.assign(
        customer_external_id=table["customer_external_id"].fillna(""),
        ended_at=table["ended_at"].where(has_ended),
        status=status,
        unfit_reason=np.where(status == "disqualified", why, ""),
        owner=pick(sellers, rng.integers(0, len(sellers), count)),
        notes=pick(NOTES, rng.integers(0, len(NOTES), count)),
    )


def _told(table: pd.DataFrame) -> pd.DataFrame:
    """As far as they tell, many by an address at a provider that everyone can have."""
    hosts = {code: host for code, (_local, host) in people.MAIL.items()}
    private = table["email"].str.partition("@")[0] + "@" + table["language"].map(hosts)
    table["email"] = table["email"].where(table["own_domain"], private)
    for column in MISSING:
        table[column] = table[column].where(table[f"tells_{column}"], "")
    return table


def full_name(persons: pd.DataFrame) -> pd.Series:
    """As it is written where they live."""
    first, last = persons["first_name"], persons["last_name"]
    return (first + " " + last).mask(persons["language"] == "zh", last + first)
