"""The warehouse: a columnar copy of customers, products and orders, for analysis.

    warehouse.refresh()                          # up to date; in a worker
    with warehouse.reading() as house:           # or reading(only=customer_ids)
        buyers = house.buyers(as_of=today)

Analyses read it instead of the tables that people work on. See
`docs/decisions/0012-a-warehouse-replaced-whole.md`.
"""

from crm.warehouse.house import LEFT_OUT, House, reading
from crm.warehouse.refreshing import refresh

__all__ = ["LEFT_OUT", "House", "reading", "refresh"]
