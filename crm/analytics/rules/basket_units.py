"""What counts as one basket, and what as one product in it."""

from dataclasses import dataclass

import pandas as pd

from crm.frames import PRODUCTS, Schema, typed

MEMBERS: Schema = {"product_id": "int64", "member_id": "int64"}  # group, product


@dataclass(frozen=True)
class Grouped:
    """Baskets of groups of products.

    Attributes:
        baskets: as in `crm.frames.BASKETS`, but a group can occur twice in a basket.
        groups: as in `crm.frames.PRODUCTS`, under numbers of their own.
        members: which products they hold, as in `MEMBERS`.
        left_out: products that were sold but belong to no group.
    """

    baskets: pd.DataFrame
    groups: pd.DataFrame
    members: pd.DataFrame
    left_out: int


def by_customer(baskets: pd.DataFrame) -> pd.DataFrame:
    """All that a customer bought as one basket, under the customer's number.

    A product can occur in it several times, each with its day.
    """
    return baskets.assign(order_id=baskets["customer_id"])


def by_category(baskets: pd.DataFrame, products: pd.DataFrame) -> Grouped:
    """Categories (of `crm.frames.PRODUCTS`) in place of products."""
    known = products[products["category"].fillna("").str.strip() != ""]
    codes, names = pd.factorize(known["category"].str.strip(), sort=True)
    code = pd.Series(codes + 1, index=known["product_id"])
    group = baskets["product_id"].map(code)
    groups = {
        "product_id": range(1, len(names) + 1),
        "sku": "",
        "name": names,
        "category": names,
    }
    members = {"product_id": code.to_numpy(), "member_id": code.index}
    kept = group.notna()
    return Grouped(
        baskets[kept].assign(product_id=group[kept].astype("int64")),
        typed(groups, PRODUCTS),
        typed(members, MEMBERS),
        int(baskets.loc[~kept, "product_id"].nunique()),
    )
