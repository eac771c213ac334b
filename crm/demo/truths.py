"""What is planted in the demo company, as data, for tests to find again.

The constants are the parameters of the process; `Truths` is what they mean for
one generated company, customer by customer and rule by rule.
"""

from dataclasses import dataclass

import pandas as pd

GROWTH = 0.06  # a year, in the orders of a customer that stays
SEASON = (0.96, 0.92, 1.0, 0.97, 0.95, 0.92, 0.82, 0.8, 1.02, 1.06, 1.28, 1.3)
WEEK = {  # multipliers Monday to Sunday
    "company": (1.55, 1.5, 1.4, 1.4, 1.15, 0.0, 0.0),
    "person": (1.2, 1.05, 1.0, 1.0, 1.05, 0.8, 0.9),
}
FOUNDING = 0.6  # share of customers that bought before the first day on record
PROSPECTS = 0.04  # share of customers that have not bought yet
DUPLICATES = 0.03  # share of customers entered a second time

FADE_DAYS = 120  # from the decision to leave to being gone
FADE = 0.25  # rate of orders in that time, against before
CALM = 0.1  # chance to leave until a year ago, against since
RETURN_HAZARD = 12.0  # chance to leave after an order sent back, against others
LIKELIEST = 0.9  # chance to leave after an order, at most
HAZARD = {  # chance to leave after any order, against all others
    ("source", "campaign"): 2.0,
    ("sector", "Hospitality"): 2.0,
}
ENDS_A_YEAR = 0.11  # service contracts, of those that nothing below is said of
ENDS_SOONER = {  # chance of a contract to end on a day, against all others
    ("source", "campaign"): 2.5,
    ("billing_period", "monthly"): 2.0,
}
WINS = 0.24  # chance to win, of opportunities that nothing below is said of
WINS_MORE = {  # the same against all others
    ("source", "referral"): 2.0,
    ("next step", "planned"): 1.5,
    ("contact", "often"): 1.35,
}
SLIP = 9  # days, in the middle, that what is won is won later than was said
CONVERTS = 0.13  # chance of a lead to be converted, of those nothing below is said of
CONVERTS_MORE = {  # the same against all others
    ("source", "referral"): 2.6,
    ("e-mail", "own domain"): 2.2,
}
PROBLEMS = 0.35  # share of tickets that are problems, at any other time
TROUBLE = 8.0  # problems in the days before the decision to leave, against else
TROUBLE_DAYS = 90
LIFTS = {  # more that order in the 30 days after, of 1; all other campaigns do nothing
    "Reorder reminder": 0.15,
}
RETURNS = {0.015: 0.85, 0.2: 0.15}  # chance that an order is sent back: customers
CANCELLED = 0.015  # share of orders
PRICES_RISE = 0.03  # a year, each January


@dataclass(frozen=True)
class Segment:
    """How one kind of customer buys.

    `orders_a_year` holds for an active customer of a company generated at the
    default size; `leave` is the chance to decide, after an order, to leave.
    """

    name: str
    share: float  # of all that buy
    companies: float  # share of companies among them
    orders_a_year: float
    regularity: float  # shape of the gamma gaps between orders; 1 is Poisson
    leave: float
    more_products: float  # expected beyond the first, promoted ones apart
    quantity: float  # expected per line of things bought by the carton
    pieces: float  # expected per line of things bought by the piece
    discount: float
    tastes: dict[str, float]  # weight of a category; 1 where not named
    joined: tuple[float, float] = (0.0, 0.72)  # when, as shares of the time on record


AT_WORK = {"Machines": 0.5, "Furniture & lighting": 0.25, "Tea & cocoa": 0.7}
AT_HOME = {
    "Coffee": 20.0, "Tea & cocoa": 2.0, "Machines": 0.05, "Kitchen & cleaning": 0.3,
    "Snacks & drinks": 0.3, "Paper & writing": 0.3, "Filing & presentation": 0.1,
    "Printing & labels": 0.1, "Furniture & lighting": 0.01,
}  # fmt: skip
MOVING_IN = {"Furniture & lighting": 4.0, "Machines": 2.0, "Printing & labels": 1.5}
LATELY = (0.8, 0.985)

SEGMENTS = (
    Segment("key account", 0.12, 1.0, 20, 5, 0.0025, 8, 15, 1.4, 0.12, AT_WORK),
    Segment("regular office", 0.3, 1.0, 6.5, 5, 0.009, 3.0, 2.5, 1, 0.05, AT_WORK),
    Segment("fit-out project", 0.12, 0.9, 1.0, 2, 0.03, 9, 6, 8, 0.08, MOVING_IN),
    Segment("coffee regular", 0.26, 0.05, 9, 5, 0.0065, 0.3, 1.2, 1, 0, AT_HOME),
    Segment("newcomer", 0.2, 0.3, 3, 1.5, 0.05, 0.8, 1.2, 1, 0, AT_HOME, LATELY),
)


@dataclass(frozen=True)
class Rule:
    """Who buys the antecedent tends to buy the consequent in the same order."""

    antecedent: str
    consequent: str
    at_work: float  # share of baskets of business segments with the antecedent
    at_home: float  # the same for `coffee regular` and `occasional`
    confidence: float
    otherwise: float  # share of baskets without the antecedent, with the consequent


RULES = (
    Rule(
        "Espresso machine Vapore Due", "Descaler for coffee machines, 1 l",
        at_work=0.03, at_home=0, confidence=0.62, otherwise=0.05,
    ),
    Rule(
        "Laser printer Lumen L320", "Toner Lumen L320, black",
        at_work=0.035, at_home=0, confidence=0.7, otherwise=0.04,
    ),
    Rule(
        "Whiteboard 120 × 90 cm", "Whiteboard markers, 8 colours",
        at_work=0.03, at_home=0, confidence=0.58, otherwise=0.05,
    ),
    Rule(
        "Label printer Etiq 62", "Label roll for Etiq 62, 400",
        at_work=0.03, at_home=0, confidence=0.66, otherwise=0.04,
    ),
    Rule(
        "Lever arch files, 10", "Dividers A–Z, 10 sets",
        at_work=0.08, at_home=0, confidence=0.5, otherwise=0.05,
    ),
    Rule(
        "Ceremonial matcha powder, 100 g", "Bamboo matcha whisk",
        at_work=0.02, at_home=0.04, confidence=0.45, otherwise=0.02,
    ),
    Rule(
        "Ceramic pour-over dripper", "Paper filters for drippers, 100",
        at_work=0.025, at_home=0.03, confidence=0.6, otherwise=0.05,
    ),
    Rule(
        "Loose-leaf Darjeeling, 250 g", "Paper tea filters, 100",
        at_work=0.04, at_home=0.05, confidence=0.48, otherwise=0.04,
    ),
)  # fmt: skip
DECOYS = {  # in every basket with this chance, whatever else is in it
    "House blend coffee beans, 1 kg": 0.26,
    "Copy paper A4, 80 g, 5 × 500 sheets": 0.2,
    "Barista oat drink, 6 × 1 l": 0.17,
    "Sugar sticks, 1,000": 0.13,
    "Still mineral water, 12 × 0.5 l": 0.11,
}


@dataclass(frozen=True)
class Truths:
    """What is true of one generated company.

    Attributes:
        customers: one row per customer that buys: `customer_external_id`,
            `segment` (a name in `SEGMENTS`), `orders_a_year` (rate while active, at the start, of an average
            season), `leave_chance` (after an order that is kept), `return_chance`
            (of an order), `order_value` (expected, at today's prices), `leaving_on`
            (the day of the order after which it decided to leave, else NaT),
            `churned_on` (`FADE_DAYS` later, if not after today: it never buys from
            then on), `orders_365` and `revenue_365` (expected in the coming 365
            days, net of returns and cancellations), `orders_90` and `revenue_90` (in
            the coming 90, as if of an average season), `lifetime_value` (expected net
            revenue from today on, for ever, discounted by 10 % a year).
        segments: the fields of `Segment`, and `customers`, `orders` (sales).
        rules: `antecedent`, `consequent` (SKUs) with their expected `support`,
            `confidence`, `lift` over the confirmed sales.
        decoys: `sku` and expected `support`; any two have a lift of 1, so has any
            one of them with any other product.
        drivers: `driver`, `level`, `hazard_ratio`: what makes leaving likelier.
        ends: `field`, `level`, `hazard_ratio`: what makes service contracts end sooner.
        wins: `field`, `level`, `ratio`: what makes winning an opportunity likelier.
        slips: `said`, `median_days`: how much later than that what is won is won.
        conversions: `field`, `level`, `ratio`: what makes converting a lead likelier.
        problems: `days`, `ratio`: how many more problems those who leave have, so many
            days before they decide to.
        duplicates: `customer_external_id`, `duplicate_of`, and what `differs` between the
            two, by semicolons.
        months: `month` (its first day), `season`, `trend`, `expected_orders` (sales
            by this month's share of days, of all customers).
    """

    customers: pd.DataFrame
    segments: pd.DataFrame
    rules: pd.DataFrame
    decoys: pd.DataFrame
    drivers: pd.DataFrame
    ends: pd.DataFrame
    wins: pd.DataFrame
    slips: pd.DataFrame
    conversions: pd.DataFrame
    problems: pd.DataFrame
    duplicates: pd.DataFrame
    months: pd.DataFrame
