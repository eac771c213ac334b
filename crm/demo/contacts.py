"""The people at the demo company's customers."""

from typing import Any

import numpy as np
import pandas as pd

from crm.demo import places
from crm.demo.names import LANGUAGES
from crm.demo.people import named
from crm.demo.pools import pick

ROLES = (
    "Office manager", "Purchasing", "Managing director", "Accounts payable",
    "Facility manager", "Assistant", "IT manager", "Head of operations",
)  # fmt: skip
MORE = {"key account": 1.8, "regular office": 0.5, "fit-out project": 0.8}  # beyond one
FIRST_NUMBER = 10_001


def draw_contacts(customers: pd.DataFrame, rng: Any) -> pd.DataFrame:
    """Draw the contacts of all companies among `customers`.

    Args:
        customers: `external_id`, `kind`, `segment`, and what
            `crm.demo.people.customers` gives.

    Returns:
        `external_id`, `customer_external_id`, `first_name`, `last_name`, `email`,
        `phone`, `role`, `language`; by customer.
    """
    firms = customers[customers["kind"] == "company"].reset_index(drop=True)
    more = firms["segment"].map(MORE).fillna(0.2).to_numpy()
    firm = np.repeat(np.arange(len(firms)), 1 + rng.poisson(more))
    turn = pd.Series(firm).groupby(firm).cumcount().to_numpy()
    language = firms["language"].to_numpy()[firm]
    start = rng.integers(0, 3, len(firms))[firm]
    one = named(language, rng)
    phone = pick(firms["phone"], firm)
    extension = pick(
        [country.extension for country in places.COUNTRIES], country_of(firms)[firm]
    )
    direct = phone + extension + pd.Series(11 + 7 * turn + start).astype("str")
    number = pd.Series(np.arange(len(firm)) + FIRST_NUMBER).astype("str")
    return pd.DataFrame(
        {
            "external_id": "P-" + number,
            "customer_external_id": pick(firms["external_id"], firm),
            "first_name": one["first_name"],
            "last_name": one["last_name"],
            "email": one["local"] + "@" + pick(firms["domain"], firm),
            "phone": direct.where(phone != "", ""),
            "role": pick(ROLES, (start + turn) % len(ROLES)),
            "language": pick([spoken.code for spoken in LANGUAGES], language),
        }
    )


def country_of(customers: pd.DataFrame) -> Any:
    """The place in COUNTRIES of each customer."""
    return places.CITIES["place"].to_numpy()[customers["city_place"]]
