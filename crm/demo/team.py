"""The demo company itself: Larkfield, coffee and office supplies; its people."""

from typing import Any

import numpy as np
import pandas as pd

NAME = "Larkfield Coffee & Office"
CURRENCY = "EUR"

TEAMS = {
    "Management": "Targets, prices, people",
    "Key accounts": "Framework agreements and their renewal",
    "Field sales": "Offices and fit-out projects",
    "Online shop": "Private customers and newcomers",
    "Service": "Questions, returns, machines",
    "Marketing": "Campaigns and the newsletter",
}
USERS = (  # name, role, team
    ("Alice Marchetti", "admin", "Management"),
    ("Bob Lindqvist", "manager", "Management"),
    ("Charlotte Reuter", "sales", "Key accounts"),
    ("Daniel Okafor", "sales", "Key accounts"),
    ("Elena Vasquez", "sales", "Field sales"),
    ("Florian Beckmann", "sales", "Field sales"),
    ("Grace Whitmore", "sales", "Field sales"),
    ("Hugo Delacroix", "sales", "Online shop"),
    ("Mei Lin", "sales", "Online shop"),
    ("Ines Carvalho", "service", "Service"),
    ("Jonas Thorsen", "service", "Service"),
    ("Katja Novak", "marketing", "Marketing"),
    ("Leo Castellan", "read_only", "Management"),
)
CARED_FOR_BY = {  # team by segment; "" for those who have not bought yet
    "key account": "Key accounts",
    "regular office": "Field sales",
    "fit-out project": "Field sales",
    "coffee regular": "Online shop",
    "newcomer": "Online shop",
    "": "Field sales",
}
UNOWNED = 0.12  # share of private customers whom nobody owns


def teams() -> pd.DataFrame:
    return pd.DataFrame(
        list(TEAMS.items()), columns=["name", "description"], dtype="str"
    )


def users() -> pd.DataFrame:
    people = pd.DataFrame(USERS, columns=["name", "role", "team"], dtype="str")
    return people.assign(email=people["name"].map(email).astype("str"))


def email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.com"


def owners(segments: pd.Series, kind: pd.Series, rng: Any) -> pd.Series:
    """The e-mail address of the owner of each customer; "" for none."""
    everyone = users()
    draw = rng.random(len(segments))
    chosen = pd.Series("", index=segments.index, dtype="str")
    for segment, team in CARED_FOR_BY.items():
        addresses = everyone.loc[everyone["team"] == team, "email"].to_numpy()
        theirs = np.asarray(segments == segment)
        chosen[theirs] = addresses[(draw[theirs] * len(addresses)).astype(int)]
    nobody = (kind == "person").to_numpy() & (rng.random(len(kind)) < UNOWNED)
    return chosen.mask(nobody, "")
