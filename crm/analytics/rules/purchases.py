"""Who has bought what, as a sparse table of customers and products."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

MAX_PRODUCTS = 5_000  # looked at: those that most customers have bought


@dataclass(frozen=True)
class Purchases:
    """Customers by products: 1 where a customer has ever bought a product.

    Attributes:
        customers: ids of those with any of the products, ascending.
        products: ids, those with most buyers first.
        held: a `scipy.sparse.csr_array` of float32.
        buyers: customers with each product.
    """

    customers: Ints
    products: Ints
    held: Any
    buyers: Ints


def purchases(baskets: pd.DataFrame) -> Purchases:
    """From baskets as in `crm.frames.BASKETS`; of products `MAX_PRODUCTS` at most."""
    from scipy.sparse import csr_array

    customer, ids = pd.factorize(baskets["customer_id"], sort=True)
    product, goods = pd.factorize(baskets["product_id"], sort=True)
    pairs = np.sort(customer.astype("int64") * max(len(goods), 1) + product)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    customer, product = np.divmod(pairs, max(len(goods), 1))

    buyers = np.bincount(product, minlength=len(goods))
    best = np.argsort(-buyers, kind="stable")[:MAX_PRODUCTS]
    place = np.full(len(goods), -1)
    place[best] = np.arange(len(best))
    columns = place[product]
    kept = columns >= 0
    known, rows = np.unique(customer[kept], return_inverse=True)
    held = csr_array(
        (
            np.ones(len(rows), "float32"),
            (rows.astype("int32"), columns[kept].astype("int32")),
        ),
        shape=(len(known), len(best)),
    )
    return Purchases(
        ids.to_numpy("int64")[known],
        goods.to_numpy("int64")[best],
        held,
        buyers[best],
    )
