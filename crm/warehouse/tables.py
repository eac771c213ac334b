"""What the warehouse holds: its tables, and which columns they are copied from."""

from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy import FromClause, inspect
from sqlmodel import SQLModel

from crm.models import (
    Campaign,
    Customer,
    Order,
    OrderLine,
    Product,
    Recipient,
    Ticket,
)

VERSION = 7  # of what stands here: a file of another one is made anew

ARROW = {
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),  # of an instant, where the company is
    "DECIMAL(19,4)": pa.int64(),  # on the way here, in ten-thousandths
    "DECIMAL(19,10)": pa.int64(),  # of a rate; in units of its last place
}
UNITS = {"DECIMAL(19,4)": "0.0001", "DECIMAL(19,10)": "0.0000000001"}


@dataclass(frozen=True)
class Copied:
    """A table that is copied: those of its rows that are not in the recycle bin.

    `columns` are pairs: `name TYPE`, and the name at the source. A row goes with the
    record of `logged_as` whose id stands in `follows`: where the change log names
    that, it is copied again, and `kept` takes the others from the file before.
    """

    name: str
    entity: type[SQLModel]
    columns: tuple[tuple[str, str], ...]
    logged_as: str
    follows: str
    kept: str
    only: str = "TRUE"  # the rows from the source that are wanted, in DuckDB's words

    @property
    def source(self) -> FromClause:
        table: FromClause = inspect(self.entity).local_table
        return table

    @property
    def kinds(self) -> dict[str, str]:
        """The DuckDB types, by the names of the columns."""
        names = (declared.partition(" ") for declared, _source in self.columns)
        return {name: kind for name, _space, kind in names}

    @property
    def create(self) -> str:
        declared = ", ".join(declared for declared, _source in self.columns)
        return f"CREATE TABLE {self.name} ({declared})"

    @property
    def exact(self) -> str:
        """The columns as they come from the source, amounts made decimals again."""
        return ", ".join(
            f"{name} * {UNITS[kind]}" if kind in UNITS else name
            for name, kind in self.kinds.items()
        )


CUSTOMERS = Copied(
    "customer",
    Customer,
    (
        ("customer_id BIGINT", "id"),
        ("name VARCHAR", "name"),
        ("kind VARCHAR", "kind"),
        ("country VARCHAR", "country"),
        ("sector VARCHAR", "sector"),
        ("source VARCHAR", "source"),
        ("owner_id BIGINT", "owner_id"),
        ("walk_in BOOLEAN", "walk_in"),
        ("created_on DATE", "created_at"),
    ),
    logged_as="customer",
    follows="id",
    kept="""
        INSERT INTO customer
        SELECT * FROM old.customer WHERE customer_id NOT IN (SELECT id FROM touched)
    """,
)
PRODUCTS = Copied(
    "product",
    Product,
    (
        ("product_id BIGINT", "id"),
        ("sku VARCHAR", "sku"),
        ("name VARCHAR", "name"),
        ("category VARCHAR", "category"),
    ),
    logged_as="product",
    follows="id",
    kept="""
        INSERT INTO product
        SELECT * FROM old.product WHERE product_id NOT IN (SELECT id FROM touched)
    """,
)
TICKETS = Copied(
    "ticket",
    Ticket,
    (
        ("ticket_id BIGINT", "id"),
        ("customer_id BIGINT", "customer_id"),
        ("opened_on DATE", "opened_at"),
        ("solved_on DATE", "solved_at"),
        ("kind VARCHAR", "kind"),
        ("status VARCHAR", "status"),
        ("priority VARCHAR", "priority"),
        ("source VARCHAR", "source"),
        ("owner_id BIGINT", "owner_id"),
    ),
    logged_as="ticket",
    follows="id",
    kept="""
        INSERT INTO ticket
        SELECT * FROM old.ticket WHERE ticket_id NOT IN (SELECT id FROM touched)
    """,
)
CAMPAIGNS = Copied(
    "campaign",
    Campaign,
    (
        ("campaign_id BIGINT", "id"),
        ("kind VARCHAR", "kind"),
        ("status VARCHAR", "status"),
        ("starts_on DATE", "starts_on"),
    ),
    logged_as="campaign",
    follows="id",
    kept="""
        INSERT INTO campaign
        SELECT * FROM old.campaign WHERE campaign_id NOT IN (SELECT id FROM touched)
    """,
)
RECIPIENTS = Copied(
    "recipient",
    Recipient,
    (
        ("recipient_id BIGINT", "id"),
        ("campaign_id BIGINT", "campaign_id"),
        ("customer_id BIGINT", "customer_id"),
        ("held_out BOOLEAN", "held_out"),
        ("added_on DATE", "created_at"),
        ("reached_on DATE", "reached_at"),
        ("responded_on DATE", "responded_at"),
    ),
    logged_as="recipient",
    follows="id",
    kept="""
        INSERT INTO recipient
        SELECT * FROM old.recipient WHERE recipient_id NOT IN (SELECT id FROM touched)
    """,
)
ORDERS = Copied(
    "sales_order",
    Order,
    (
        ("order_id BIGINT", "id"),
        ("customer_id BIGINT", "customer_id"),
        ("ordered_on DATE", "ordered_at"),
        ("kind VARCHAR", "kind"),
        ("status VARCHAR", "status"),
        ("currency VARCHAR", "currency"),
        ("rate DECIMAL(19,10)", "rate"),
        ("total DECIMAL(19,4)", "total"),
        ("base_total DECIMAL(19,4)", "base_total"),
    ),
    logged_as="sales_order",
    follows="id",
    kept="""
        INSERT INTO sales_order
        SELECT * FROM old.sales_order WHERE order_id NOT IN (SELECT id FROM touched)
    """,
)
ORDER_LINES = Copied(  # never change by themselves: the log has only their order
    "order_line",
    OrderLine,
    (
        ("order_id BIGINT", "order_id"),
        ("product_id BIGINT", "product_id"),
        ("quantity DECIMAL(19,4)", "quantity"),
        ("amount DECIMAL(19,4)", "amount"),
    ),
    logged_as="sales_order",
    follows="order_id",
    kept="""
        INSERT INTO order_line
        SELECT * FROM old.order_line WHERE order_id NOT IN (SELECT id FROM touched)
    """,
    only="order_id IN (SELECT order_id FROM sales_order)",
)

FIRST_SALE = """
CREATE TABLE first_sale AS  -- when a customer first bought a product
SELECT customer_id, product_id, min(ordered_on) AS first_on
FROM sales_order JOIN order_line USING (order_id)
WHERE status = 'confirmed' AND kind = 'sale'
    AND (currency = ? OR base_total IS NOT NULL)
GROUP BY ALL
ORDER BY ALL
"""

COPIED = (  # lines after orders
    CUSTOMERS, PRODUCTS, TICKETS, CAMPAIGNS, RECIPIENTS, ORDERS, ORDER_LINES,
)  # fmt: skip
LOGGED = sorted({copied.logged_as for copied in COPIED})
