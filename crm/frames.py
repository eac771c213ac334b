"""The typed tables that analytics rely on: names, types and units, written once.

The dictionaries are the contract: column names and types, also when a table is
empty. `crm.warehouse` fills them, `crm.analytics` reads them. Days are those of the
company (`CRM_TIMEZONE`), as naive midnights.
"""

from typing import Any

import pandas as pd

Schema = dict[str, str]

CUSTOMERS: Schema = {
    "customer_id": "int64",
    "name": "str",
    "kind": "str",  # company or person
    "country": "str",
    "sector": "str",
    "source": "str",
    "owner_id": "Int64",
    "created_on": "datetime64[s]",  # naive midnight, as all days here
}
PRODUCTS: Schema = {
    "product_id": "int64",
    "sku": "str",
    "name": "str",
    "category": "str",
}
ORDERS: Schema = {  # one row per confirmed order of a customer
    "order_id": "int64",
    "customer_id": "int64",
    "ordered_on": "datetime64[s]",
    "kind": "str",  # sale; return and cancellation have negative totals
    "total": "float64",  # base currency, at the rate of the order
}
BASKETS: Schema = {  # one row per distinct product in a sale
    "order_id": "int64",
    "customer_id": "int64",
    "ordered_on": "datetime64[s]",
    "product_id": "int64",
}
BUYERS: Schema = {  # one row per customer with at least one sale up to `as_of`
    "customer_id": "int64",
    "first_on": "datetime64[s]",
    "last_on": "datetime64[s]",
    "recency": "int64",  # days from the last sale to as_of
    "tenure": "int64",  # days from the first sale to as_of
    "frequency": "int64",  # number of sales
    "monetary": "float64",  # mean sale total, base currency
    "revenue": "float64",  # all sales less returns and cancellations
    "products": "int64",  # distinct products bought
    "returned": "float64",  # share of sales value sent back, 0 to 1
    "gap": "float64",  # mean days between sales; NaN with a single one
    "tickets": "int64",  # in the 365 days up to as_of; as below, none that we opened
}
CHURN_FEATURES: Schema = BUYERS | {  # the same, and what was going on lately
    "sales_90": "int64",  # sales in the 90 days up to as_of
    "sales_before_90": "int64",  # sales in the 90 days before those
    "revenue_90": "float64",
    "revenue_before_90": "float64",
    "repeats": "int64",  # days with a sale after the first such day
    "tickets_90": "int64",  # tickets opened in the 90 days up to as_of
    "tickets_before_90": "int64",  # and in the 90 days before those
    "open_problems": "int64",  # opened by as_of, and not solved at its end; kinds are
    # those of today
    "kind": "str",  # company or person; this and the next as entered today
    "country": "str",  # empty where nothing is entered
    "sector": "str",
    "source": "str",
}
FUTURE: Schema = {  # one row per customer with a sale in (as_of, as_of + horizon]
    "customer_id": "int64",
    "sales": "int64",
    "revenue": "float64",
}
TICKETS: Schema = {  # one row per ticket of a customer, as it stands now
    "ticket_id": "int64",
    "customer_id": "int64",
    "opened_on": "datetime64[s]",
    "solved_on": "datetime64[s]",  # when it was last solved; NaT while it is open
    "kind": "str",  # inquiry, feedback or problem
    "status": "str",  # new, open, waiting, solved or closed
    "priority": "str",  # low, normal, high or urgent
    "owner_id": "Int64",
}

CAMPAIGN_OUTCOMES: Schema = {  # one row per recipient of a campaign, held out or not
    "customer_id": "int64",
    "held_out": "bool",
    "day": "datetime64[s]",  # of the adding, or the campaign's start if that is later
    "orders": "int64",  # sales in the days after `day` that were asked for
    "revenue": "float64",  # of these days, less what was sent back, base currency
}
RESPONSES: Schema = {  # one row per customer whom a campaign has reached
    "customer_id": "int64",
    "reached": "int64",  # campaigns that did, in the 365 days up to as_of
    "responded": "int64",  # of these, those with a response by as_of
}

REVENUE_BY_DAY: Schema = {  # one row per day with any order, walk-in sales included
    "day": "datetime64[s]",
    "revenue": "float64",  # sales less returns and cancellations, base currency
    "orders": "int64",  # sales
    "sold": "float64",  # sales alone
    "new_customers": "int64",  # those whose first sale it is; never the walk-in
}
GROUPS_BY_DAY: Schema = {  # one row per day and group with any order on that day
    "day": "datetime64[s]",
    "rank": "int64",  # 1 is the group with most revenue lately; 0 all that have none
    "group": "str",  # a category, an ISO code, the id of a product; "" none or many
    "revenue": "float64",
    "orders": "int64",  # sales with anything of the group
}

COHORT_CELLS: Schema = {  # what a cohort's customers of a group did in one period
    "unit": "str",  # of cohorts and periods: month or quarter
    "grouping": "str",  # source, sector, country or kind; all: no grouping
    "code": "int64",  # of the group, as in COHORT_GROUPS
    "early": "bool",  # entered before the first sale on record: not really new then
    "cohort": "datetime64[s]",  # first day of the month or quarter of the first sale
    "period": "int64",  # months or quarters since that one, which is 0
    "active": "int64",  # customers with a sale; at period 0 all there are
    "orders": "int64",  # sales
    "orders_squared": "int64",  # sum of the squares of each customer's number
    "revenue": "float64",  # sales less returns and cancellations, base currency
    "revenue_squared": "float64",
    "revenue_crossed": "float64",  # sum of each one's revenue times that in period 0
}
COHORT_GROUPS: Schema = {  # one row per group, the largest of a grouping first
    "grouping": "str",
    "code": "int64",  # from 0; the last possible one takes all smaller groups together
    "name": "str",  # empty where nothing is entered, and of that last one
    "customers": "int64",
}
COHORT_CUSTOMERS: Schema = {  # one row per customer of a cohort
    "customer_id": "int64",
    "early": "bool",
    "cohort": "datetime64[s]",  # first day of the month of the first sale
    "active": "int64",  # bit n: whether there was a sale n months later
    "source": "int8",  # codes of COHORT_GROUPS
    "sector": "int8",
    "country": "int8",
    "kind": "int8",
}
REPEAT_BUYERS: Schema = {  # one row per customer with at least one sale up to `as_of`
    "customer_id": "int64",
    "x": "int64",  # days with a sale after the first; several sales of a day are one
    "t_x": "int64",  # days from the first such day to the last
    "T": "int64",  # days from the first such day to as_of
    "value": "float64",  # mean sales of a day, of all x + 1 of them, base currency
    "revenue": "float64",  # all sales less returns and cancellations
}
REPEAT_DAYS: Schema = {  # one row per day with a sale of a cohort, by day
    "day": "datetime64[s]",
    "first": "int64",  # customers who bought for the first time
    "repeats": "int64",  # customers who bought again
}

SUBSCRIPTIONS: Schema = {  # one row per subscription that has begun by `as_of`
    "subscription_id": "int64",
    "customer_id": "int64",
    "starts_on": "datetime64[s]",
    "ends_on": "datetime64[s]",  # the last day, before as_of; NaT while it runs
    "billing_period": "str",  # monthly, quarterly or yearly, as agreed at as_of
    "auto_renew": "bool",
    "product": "str",  # texts are empty where nothing is entered
    "source": "str",  # of the customer, as the next three
    "sector": "str",
    "country": "str",
    "kind": "str",
    "no_rate": "bool",  # it is in a currency without a rate
}
SUBSCRIPTION_PRICES: Schema = {  # one row per price agreed, the oldest of each first
    "subscription_id": "int64",
    "from_on": "datetime64[s]",  # the first one's is the start
    "monthly": "float64",  # base currency, at the rate of the subscription; of those
    # without a rate, the figure in their currency
}

OPPORTUNITIES: Schema = {  # one row per opportunity, as it stands now
    "opportunity_id": "int64",
    "customer_id": "int64",
    "pipeline_id": "int64",
    "owner_id": "Int64",
    "stage_id": "int64",
    "state": "str",  # open, won or lost
    "opened_at": "datetime64[s]",  # naive, UTC, as all times here
    "closed_at": "datetime64[s]",  # NaT while it is open
    "amount": "float64",  # base currency; NaN where none is stated or no rate known
    "close_on": "datetime64[s]",  # NaT where none is stated
    "category": "str",  # commit, best_case, pipeline or omitted; "" nobody has said
    "source": "str",  # texts are empty where nothing is entered
    "competitor": "str",
    "won_reason": "str",
    "lost_reason": "str",
    "product": "str",  # of its first line
    "customer_kind": "str",  # company or person; this and the next of its customer
    "sector": "str",
    "country": "str",
    "no_rate": "bool",  # it has an amount in a currency without a rate
}
STAGES: Schema = {  # one row per stage, in the order of the pipelines
    "stage_id": "int64",
    "pipeline_id": "int64",
    "pipeline": "str",
    "stage": "str",
    "position": "int64",  # in its pipeline, growing
    "kind": "str",  # open, won or lost
    "probability": "float64",  # as set by hand, 0 to 1
}
STAGE_CHANGES: Schema = {  # one row per move, the oldest of each opportunity first
    "opportunity_id": "int64",
    "at": "datetime64[s]",
    "from_stage_id": "Int64",  # none when it was opened
    "to_stage_id": "int64",
}
ESTIMATES: Schema = {  # one row per restatement, the oldest of each opportunity first
    "opportunity_id": "int64",
    "at": "datetime64[s]",  # it holds from then on
    "amount": "float64",  # base currency, NaN where none is stated
    "close_on": "datetime64[s]",
}
CONTACTED: Schema = {  # one row per activity at an opportunity
    "opportunity_id": "int64",
    "at": "datetime64[s]",
    "kind": "str",  # note, task, call, meeting or mail
}
NEXT_STEPS: Schema = {  # one row per activity at an opportunity that has a due time
    "opportunity_id": "int64",
    "made_at": "datetime64[s]",
    "done_at": "datetime64[s]",  # NaT while it is not done
}
LEADS: Schema = {  # one row per lead; texts and the like as it came in
    "lead_id": "int64",
    "owner_id": "Int64",
    "created_at": "datetime64[s]",
    "status": "str",  # new, working, converted or disqualified
    "ended_at": "datetime64[s]",  # when it was converted or disqualified, else NaT
    "source": "str",
    "has_company": "bool",
    "has_email": "bool",
    "has_phone": "bool",
    "own_domain": "bool",  # an e-mail, and not of a provider for everyone
    "words": "int64",  # in its notes
    "by_form": "bool",  # through a web form
    "arrived_at": "datetime64[s]",  # `created_at` by the clocks of the company
}


def typed(table: Any, schema: Schema) -> pd.DataFrame:
    """`table` with the columns of `schema`, in order and of those types.

    Args:
        table: a DataFrame, or anything that `pandas.DataFrame` takes.
    """
    frame = pd.DataFrame(table, columns=list(schema))
    return frame.astype(schema)


def empty(schema: Schema) -> pd.DataFrame:
    """No rows, and all the columns of `schema` with their types."""
    return typed([], schema)
