"""Who may buy from Larkfield one day: leads, and what became of the older ones."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import people, team
from crm.demo.activities import working_hours
from crm.demo.contacts import draw_contacts
from crm.demo.pools import pick

SHARE = 0.09  # leads, of the number of customers
SINCE = 180  # days
STATES = {"new": 0.3, "working": 0.35, "disqualified": 0.35}
WHY = {
    "no_need": 0.3, "no_budget": 0.2, "no_answer": 0.35, "wrong_data": 0.1,
    "duplicate": 0.05,
}  # fmt: skip


def draw_leads(count: int, today: date, rng: Any) -> pd.DataFrame:
    """The leads of the last half year that were not converted, by their creation.

    Returns:
        `crm.demo.company.LEADS`.
    """
    nobody = pd.Series([""] * count, dtype="str")
    firms = people.customers(nobody, np.ones(count, dtype=bool), rng)
    firms["segment"], firms["external_id"] = "", [str(n) for n in range(count)]
    persons = draw_contacts(firms, rng).drop_duplicates("customer_external_id")
    persons = persons.reset_index(drop=True)
    now = np.datetime64(today, "D")
    status = rng.choice(list(STATES), count, p=list(STATES.values()))
    age = rng.integers(1, np.where(status == "new", 15, SINCE), count)
    unfit = status == "disqualified"
    why = rng.choice(list(WHY), count, p=list(WHY.values()))
    users = team.users()
    sellers = users.loc[users["team"] == "Field sales", "email"]
    table = pd.DataFrame(
        {
            "name": full_name(persons),
            "company": firms["name"],
            "email": persons["email"],
            "phone": persons["phone"],
            "source": firms["source"],
            "status": status,
            "unfit_reason": np.where(unfit, why, ""),
            "owner": pick(sellers, rng.integers(0, len(sellers), count)),
            "created_at": working_hours(now - age, rng),
        }
    )
    return table.sort_values("created_at", kind="stable", ignore_index=True)


def full_name(persons: pd.DataFrame) -> pd.Series:
    """As it is written where they live."""
    first, last = persons["first_name"], persons["last_name"]
    return (first + " " + last).mask(persons["language"] == "zh", last + first)
