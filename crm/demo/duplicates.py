"""Customers that somebody entered a second time, and how they differ.

Each second entry has a slip in its name, another e-mail address or none, and often
one more; what is left (telephone, address) still gives it away.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

Fields = dict[str, Any]

LEGAL_FORMS = {
    "GmbH & Co. KG": "GmbH + Co KG", "GmbH": "G.m.b.H.", "AG": "Aktiengesellschaft",
    "Ltd": "Limited", "LLP": "L.L.P.", "Group": "Grp", "Inc.": "Incorporated",
    "LLC": "L.L.C.", "Co.": "Company", "SARL": "S.A.R.L.", "SAS": "S.A.S.",
    "S.L.": "SL", "S.A.": "SA", "SA": "S.A.", "股份有限公司": "股份公司",
    "有限公司": "有限责任公司",
}  # fmt: skip
STREETS = {
    "straße": "str.", "Street": "St", "Road": "Rd", "Avenue": "Ave", "Lane": "Ln",
    "rue": "r.", "avenue": "av.", "Calle": "C/", "Avenida": "Avda.", "路": "路 ",
}  # fmt: skip
OTHER_DESKS = ("orders", "reception", "accounts", "team")
WITHOUT_EMAIL = 0.35  # share of second entries
MANY_ORDERS = 6
SHORTEST = 4  # a name of fewer letters is not misspelt: nothing would be left


def entered_again(originals: pd.DataFrame, rng: Any) -> pd.DataFrame:
    """One second entry per row of `originals` (columns of `crm.demo.people`).

    Returns:
        The same columns and index, and `slips`: what differs, by semicolons.
    """
    rows = [again(dict(row), rng) for row in originals.to_dict("records")]
    return pd.DataFrame(rows, index=originals.index).astype(
        dict(originals.dtypes.items()) | {"slips": "str"}
    )


def again(fields: Fields, rng: Any) -> Fields:
    """`fields` as a hurried colleague would have typed them.

    An e-mail address is on record once; so the second entry has another or none.
    """
    before = dict(fields)
    in_name = SLIPS_IN_NAME[fields["kind"]]
    in_name[rng.integers(len(in_name))](fields, rng)
    if rng.random() < WITHOUT_EMAIL:
        fields["email"] = ""
    else:
        other_email(fields, rng)
    for place in rng.permutation(len(SLIPS_ELSEWHERE))[: rng.integers(0, 2)]:
        SLIPS_ELSEWHERE[place](fields, rng)
    changed = [name for name in before if fields[name] != before[name]]
    return fields | {"slips": ";".join(changed)}


def misspell(fields: Fields, rng: Any) -> None:
    """Swap, drop or double one letter of the name."""
    fields["name"] = misspelt(fields["name"], rng)


def misspelt(text: str, rng: Any) -> str:
    inner = [
        place
        for place in range(1, len(text) - 2)
        if text[place].isalpha() and text[place + 1].isalpha() and text[place].islower()
    ]
    if len(inner) < SHORTEST:
        return text
    at = inner[rng.integers(len(inner))]
    one, other = text[at], text[at + 1]
    slip = (other + one, other, one + one + other)[rng.integers(3)]
    return text[:at] + slip + text[at + 2 :]


def other_legal_form(fields: Fields, rng: Any) -> None:
    """Write the legal form in full or in short; without one, misspell the name."""
    for form, other in LEGAL_FORMS.items():
        if fields["name"].endswith(form):
            fields["name"] = fields["name"].removesuffix(form) + other
            return
    misspell(fields, rng)


def swap_names(fields: Fields, _rng: Any) -> None:
    """Put the first name where the last name belongs."""
    first, last = fields["first_name"], fields["last_name"]
    turned = f"{last} {first}" if " " in fields["name"] else f"{first}{last}"
    fields |= {"first_name": last, "last_name": first, "name": turned}


def shorten_first_name(fields: Fields, _rng: Any) -> None:
    """Leave only the initial of the first name, where it is in Latin letters."""
    if fields["first_name"].isascii():
        initial = f"{fields['first_name'][0]}."
        fields |= {"first_name": initial, "name": f"{initial} {fields['last_name']}"}


def other_email(fields: Fields, rng: Any) -> None:
    """Another desk of the company; another mailbox of the person."""
    local, _at, domain = fields["email"].partition("@")
    if fields["kind"] == "company":
        local = OTHER_DESKS[rng.integers(len(OTHER_DESKS))]
    else:
        local += f".{rng.integers(61, 99)}"
    fields["email"] = f"{local}@{domain}"


def other_phone_format(fields: Fields, rng: Any) -> None:
    """The same number, written in another way."""
    digits = "".join(c for c in fields["phone"] if c.isdigit())
    fields["phone"] = (f"00{digits}", f"+{digits}")[rng.integers(2)] if digits else ""


def no_phone(fields: Fields, _rng: Any) -> None:
    fields["phone"] = ""


def other_street(fields: Fields, _rng: Any) -> None:
    """The street in short."""
    for word, short in STREETS.items():
        if word in fields["street"]:
            fields["street"] = fields["street"].replace(word, short)
            return


SLIPS_IN_NAME: dict[str, tuple[Callable[[Fields, Any], None], ...]] = {
    "company": (misspell, other_legal_form),
    "person": (misspell, swap_names, shorten_first_name),
}
SLIPS_ELSEWHERE = (other_phone_format, no_phone, other_street)


def enter_again(
    customers: pd.DataFrame, orders: pd.DataFrame, count: int, today: date, rng: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Enter `count` of `customers` a second time.

    A second entry of a good customer was made when an order came in, and holds it.

    Args:
        customers: columns of `crm.demo.people.customers`, and `created_on`.
        orders: as in `crm.demo.orders.Book`.

    Returns:
        The customers with the second entries behind them (`twin` is the row that
        was entered twice, or -1; `slips` is what differs), and the orders with their
        customers.
    """
    of = originals(customers, count, rng)
    taken = orders_to_take(orders, of)
    number = pd.Series(np.arange(len(of)) + len(customers), index=of)
    orders = orders.copy()
    orders.loc[taken.to_numpy(), "buyer"] = number[taken.index].to_numpy()

    second = entered_again(customers.loc[of], rng)
    first_day = second["created_on"]
    later = (pd.Timestamp(today) - first_day).dt.days * rng.uniform(0.1, 0.9, len(of))
    second["created_on"] = first_day + pd.to_timedelta(later.round(), unit="D")
    booked_on = orders.loc[taken.to_numpy(), "ordered_at"].dt.floor("D").to_numpy()
    second.loc[taken.index, "created_on"] = booked_on
    second["segment"], second["twin"] = "", of
    first = customers.assign(slips="", twin=-1)
    return pd.concat([first, second], ignore_index=True), orders


def originals(customers: pd.DataFrame, count: int, rng: Any) -> Any:
    """Rows of `count` customers fit to be entered twice: none of a family tree."""
    lonely = ~np.isin(np.arange(len(customers)), customers["parent"])
    reachable = (customers["email"] != "") & (customers["street"] != "")
    fit = np.flatnonzero(lonely & (customers["parent"] < 0) & reachable)
    return np.sort(rng.choice(fit, min(count, len(fit)), replace=False))


def orders_to_take(orders: pd.DataFrame, of: Any) -> pd.Series:
    """The middle sale, that was kept, of those of the buyers `of` who have many."""
    theirs = orders.loc[orders["kept"] & orders["buyer"].isin(of), "buyer"]
    turn = theirs.groupby(theirs).cumcount()
    middle = theirs.map(theirs.value_counts()) // 2
    taken = theirs[(turn == middle) & (middle >= MANY_ORDERS // 2)]
    return pd.Series(taken.index, index=taken.to_numpy())
