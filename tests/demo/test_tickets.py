"""The tickets of the demo company hang together, and tell what is planted."""

import numpy as np
import pandas as pd

from crm.demo import DemoCompany, generate
from crm.demo.team import users
from tests.demo.conftest import TODAY

NOW = pd.Timestamp(TODAY, tz="UTC")
YEAR = pd.Timedelta(days=365.25)


def before_leaving(company: DemoCompany) -> tuple[pd.DataFrame, pd.Series, float]:
    """Tickets of those who decided to leave; which of them lie in the planted days
    before that; the share of these days in their time before deciding.
    """
    (days,) = company.truths.problems["days"]
    known = company.truths.customers.dropna(subset=["leaving_on"])
    leaving = known.set_index("customer_external_id")["leaving_on"]
    created = company.customers.set_index("external_id")["created_on"]
    since = created[leaving.index].clip(lower=pd.Timestamp("2023-03-02"))
    table = company.tickets
    opened = table["opened_at"].dt.tz_localize(None)
    left = (table["customer_external_id"].map(leaving) - opened) / pd.Timedelta(days=1)
    theirs = left[left > 0]
    time = (leaving - since).dt.days
    share = time.clip(upper=days).sum() / time.sum()
    return table.loc[theirs.index], theirs <= days, float(share)


def test_who_leaves_has_had_more_problems(company: DemoCompany) -> None:
    table, lately, share = before_leaving(company)
    (planted,) = company.truths.problems["ratio"]
    is_problem = table["kind"] == "problem"
    near, far = (is_problem & lately).sum(), (is_problem & ~lately).sum()

    ratio = near / share / (far / (1 - share))
    error = np.sqrt(1 / near + 1 / far)  # of its logarithm, of two Poisson counts

    assert abs(np.log(ratio / planted)) < 3 * error
    assert np.log(ratio) > 4 * error


def test_other_tickets_know_nothing_of_leaving(company: DemoCompany) -> None:
    table, lately, share = before_leaving(company)
    other = table["kind"] != "problem"
    near, count = (other & lately).sum(), other.sum()

    assert abs(near - share * count) < 3 * np.sqrt(count * share * (1 - share))


def test_tickets_are_of_three_years_and_most_are_over(company: DemoCompany) -> None:
    table = company.tickets
    solved = table["solved_at"].notna()

    assert 3_000 < len(table) < 5_000
    assert table["opened_at"].is_monotonic_increasing
    assert table["opened_at"].between(NOW - 3.01 * YEAR, NOW).all()
    assert (table["solved_at"] > table["opened_at"])[solved].all()
    assert table["solved_at"].max() < NOW
    assert (table["status"].isin(["solved", "closed"]) == solved).all()
    assert {"new", "open", "waiting"} <= set(table.loc[~solved, "status"])
    assert 60 < (~solved).sum() < 300


def test_they_are_of_customers_and_contacts_who_are_there(company: DemoCompany) -> None:
    table = company.tickets
    whose = company.contacts.set_index("external_id")["customer_external_id"]
    named = table[table["contact_external_id"] != ""]

    assert set(table["customer_external_id"]) <= set(company.customers["external_id"])
    theirs = whose[named["contact_external_id"]].to_numpy()
    assert (theirs == named["customer_external_id"].to_numpy()).all()
    assert 0.2 < len(named) / len(table) < 0.9
    service = users().query("team == 'Service'")["email"]
    assert set(table["owner"]) == set(service)


def test_nobody_asks_before_being_a_customer_nor_after_leaving_for_good(
    company: DemoCompany,
) -> None:
    table = company.tickets
    created = company.customers.set_index("external_id")["created_on"]
    known = company.truths.customers.set_index("customer_external_id")["churned_on"]
    day = table["opened_at"].dt.tz_localize(None).dt.normalize()

    assert (day >= table["customer_external_id"].map(created)).all()
    gone = table["customer_external_id"].map(known)
    assert (day < gone)[gone.notna()].all()


def test_half_as_many_customers_ask_half_as_much(company: DemoCompany) -> None:
    small = generate(1_000, orders=15_000, today=TODAY, activities=100)

    assert 0.4 < len(small.tickets) / len(company.tickets) < 0.6
