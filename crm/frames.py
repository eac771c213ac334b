"""The typed tables that analytics rely on: names, types and units, written once.

The dictionaries are the contract: column names and types, also when a table is
empty. `crm.warehouse` fills them, `crm.analytics` reads them.
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
    "created_on": "datetime64[s]",  # naive midnight, UTC
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
    "ordered_on": "datetime64[s]",  # naive midnight, UTC
    "kind": "str",  # sale; return and cancellation have negative totals
    "total": "float64",  # base currency
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
}
CHURN_FEATURES: Schema = BUYERS | {  # the same, and what was going on lately
    "sales_90": "int64",  # sales in the 90 days up to as_of
    "sales_before_90": "int64",  # sales in the 90 days before those
    "revenue_90": "float64",
    "revenue_before_90": "float64",
}
FUTURE: Schema = {  # one row per customer with a sale in (as_of, as_of + horizon]
    "customer_id": "int64",
    "sales": "int64",
    "revenue": "float64",
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
