"""Make the demo company: draw, put together, number, and say what is true of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import behaviour, catalogue, duplicates, findings, people, team
from crm.demo.activities import draw_activities
from crm.demo.baskets import Assortment
from crm.demo.behaviour import Buyers, Sales, parameters
from crm.demo.calendar import DAYS_A_YEAR, Calendar
from crm.demo.campaigns import draw_campaigns
from crm.demo.company import DemoCompany, shaped
from crm.demo.contacts import draw_contacts
from crm.demo.leads import SHARE as LEADS
from crm.demo.leads import draw_leads
from crm.demo.money import draw_deals
from crm.demo.orders import Book, book
from crm.demo.pools import pick
from crm.demo.subscriptions import draw_subscriptions
from crm.demo.tickets import draw_tickets
from crm.demo.truths import DUPLICATES, FADE_DAYS, PROSPECTS, Truths

FIRST_NUMBER = 10_001
KNOWN_BEFORE = 5 * DAYS_A_YEAR  # days, at most, before the first on record
LEAD_DAYS = 30  # a company is known so many days, at most, before it first buys
PROSPECT_DAYS = 400  # since when, at most, those are known who have not bought yet
SETTLED_DAYS = 30  # nothing is open about customers known for less
BUSY_WITH = {  # how much there is to note and to do about a customer
    "key account": 4.0, "fit-out project": 2.0, "regular office": 1.5, "": 0.8,
    "newcomer": 0.4, "coffee regular": 0.15,
}  # fmt: skip


def generate(
    customers: int = 2_000,
    years: float = 3,
    orders: int = 30_000,
    *,
    today: date,
    seed: int = 7,
    activities: int = 6_000,
) -> DemoCompany:
    """The demo company as it looks on the morning of `today`.

    The last orders are those of the day before; activities lie on both sides of
    `today`. The same arguments give the same tables.

    Args:
        customers: with second entries and those who have not bought yet.
        orders: about how many sales. The planted truths are there to be found at
            the default of 15 a customer; with far fewer the segments blur.

    Raises:
        ValueError: fewer orders than the customers need.
    """
    rngs = np.random.default_rng(seed).spawn(11)
    who, how, when, what, twice, talk, serve, sell, ask, help_, tell = rngs
    calendar = Calendar.ending(today, years)
    products = catalogue.products()
    assortment = Assortment.of(products)
    second = round(customers * DUPLICATES)
    first = draw_customers(customers - second, who)
    buyers = behaviour.buyers(first[first["segment"] != ""], calendar, orders, how)
    sales = behaviour.sales(buyers, calendar, when)
    placed = book(buyers, sales, calendar, assortment, what)

    first["created_on"] = created_on(buyers, sales, calendar, len(first), who)
    everyone, placed = entered(first, placed, second, today, twice)
    ids = everyone["external_id"]
    in_order = everyone.sort_values("row", ignore_index=True)
    tables = {
        "teams": team.teams(),
        "users": team.users(),
        "customers": in_order,
        "contacts": draw_contacts(in_order, talk),
        "products": products,
        "orders": placed.orders.assign(
            customer_external_id=pick(ids, placed.orders["buyer"].to_numpy())
        ),
        "order_lines": lines_by_number(placed, products["sku"]),
        "activities": draw_activities(
            cared_for(everyone, sales, calendar), today, activities, talk
        ),
        "subscriptions": draw_subscriptions(
            companies(everyone), products, today, serve
        ),
    }
    tables |= draw_deals(companies(everyone), tables, today, calendar.days, sell)
    tables["leads"] = draw_leads(round(customers * LEADS), today, tables, ask)
    tables["tickets"] = draw_tickets(
        followed(everyone, sales, calendar), tables["contacts"], today, help_
    )
    tables |= draw_campaigns(today, tables, tell)
    known = findings.truths(buyers, sales, calendar, assortment, products)
    return shaped(tables, by_id(known, everyone), today)


def draw_customers(count: int, rng: Any) -> pd.DataFrame:
    """Draw all customers but second entries, those who buy first.

    Returns:
        `segment` ("" for prospects), `owner`, and what `people.customers` gives.
    """
    buying = count - round(count * PROSPECTS)
    place = rng.choice(len(parameters("share")), count, p=parameters("share"))
    segment = pick(
        [*parameters("name"), ""], np.where(np.arange(count) < buying, place, -1)
    )
    company = rng.random(count) < parameters("companies")[place]
    drawn = people.customers(segment, company, rng)
    owner = team.owners(segment, drawn["kind"], rng)
    return drawn.assign(segment=segment, owner=owner)


def created_on(
    buyers: Buyers, sales: Sales, calendar: Calendar, count: int, rng: Any
) -> pd.Series:
    """Since when each of `count` customers is on record, the buyers being first."""
    first_buyer, first = np.unique(sales.buyer, return_index=True)
    day = calendar.days - 1 - rng.random(count) * PROSPECT_DAYS
    lead = rng.random(len(first)) * LEAD_DAYS * buyers.company[first_buyer]
    day[first_buyer] = np.floor(sales.day[first]) - np.floor(lead)
    before = np.flatnonzero(buyers.founding)
    day[before] = -rng.random(len(before)) * KNOWN_BEFORE
    return pd.Series(findings.dates(calendar, day))


def entered(
    customers: pd.DataFrame, placed: Book, count: int, today: date, rng: Any
) -> tuple[pd.DataFrame, Book]:
    """Add `count` second entries and number all customers by `created_on`.

    Returns:
        The customers (`row` is their place by number), the second entries last,
        and the book with the orders that these hold.
    """
    everyone, orders = duplicates.enter_again(
        customers, placed.orders, count, today, rng
    )
    row = everyone["created_on"].rank(method="first").astype(int) - 1
    ids = "C-" + (row + FIRST_NUMBER).astype("str")
    above = everyone["parent"].to_numpy()
    parents = pick(ids, above).where(above >= 0, "")
    email = everyone["email"].mask(everyone["email"].duplicated(), "")
    known = {"row": row, "external_id": ids, "parent_external_id": parents}
    return everyone.assign(email=email, **known), replace(placed, orders=orders)


def lines_by_number(placed: Book, skus: pd.Series) -> pd.DataFrame:
    """The lines of the book under their order numbers and SKUs."""
    number = pick(placed.orders["number"], placed.lines["order"].to_numpy())
    sku = pick(skus, placed.lines["product"].to_numpy())
    return placed.lines.assign(order_number=number, sku=sku)


def companies(everyone: pd.DataFrame) -> pd.DataFrame:
    """Those that were entered once, or first."""
    first = (everyone["twin"] < 0) & (everyone["kind"] == "company")
    return everyone[first].reset_index(drop=True)


def cared_for(everyone: pd.DataFrame, sales: Sales, calendar: Calendar) -> pd.DataFrame:
    """The customers that somebody owns, with what they ask of the team.

    Returns:
        `external_id`, `owner`, `created_on`, `busy` (how much happens with it),
        `open` (the same, of those with whom something may be open).
    """
    busy = everyone["segment"].map(BUSY_WITH).to_numpy(float)
    settled = pd.Timestamp(calendar.today) - pd.Timedelta(days=SETTLED_DAYS)
    there = (everyone["created_on"] <= settled).to_numpy(copy=True)
    there[: len(sales.leaving)] &= sales.leaving + FADE_DAYS > calendar.days
    columns = ["external_id", "owner", "created_on"]
    cared = everyone[columns].assign(busy=busy, open=busy * there)
    return cared[(everyone["owner"] != "").to_numpy()].reset_index(drop=True)


def followed(everyone: pd.DataFrame, sales: Sales, calendar: Calendar) -> pd.DataFrame:
    """Those that were entered once, or first, and for how long they are customers.

    Returns:
        `external_id`, `since`, `until` (NaT of who has not left for good),
        `leaving_on` (NaT of who has not decided to).
    """
    leaving = np.full(len(everyone), np.inf)
    leaving[: len(sales.leaving)] = sales.leaving
    start = np.datetime64(calendar.start, "s")
    table = pd.DataFrame(
        {
            "external_id": everyone["external_id"],
            "since": everyone["created_on"].clip(lower=pd.Timestamp(start)),
            "until": findings.dates(calendar, leaving + FADE_DAYS),
            "leaving_on": findings.dates(calendar, leaving),
        }
    )
    return table[everyone["twin"] < 0].reset_index(drop=True)


def by_id(known: Truths, everyone: pd.DataFrame) -> Truths:
    """`known` with the external ids of its customers, and with the second entries."""
    ids = everyone["external_id"]
    customers = known.customers.copy()
    customers.insert(0, "customer_external_id", pick(ids, np.arange(len(customers))))
    second = everyone[everyone["twin"] >= 0].reset_index(drop=True)
    pairs = {
        "customer_external_id": second["external_id"],
        "duplicate_of": pick(ids, second["twin"].to_numpy()),
        "differs": second["slips"],
    }
    return replace(known, customers=customers, duplicates=pd.DataFrame(pairs))
