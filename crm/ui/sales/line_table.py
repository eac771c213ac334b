"""The lines of a quote, an order or an invoice as a table to read."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.models import PricedLine, Product
from crm.ui.format import cell
from crm.ui.sales import line_editor

COLUMNS = ("sku", "name", "quantity", "price", "discount", "tax", "amount")


def frame(
    lines: Collection[PricedLine], products: Mapping[int, Product]
) -> pd.DataFrame:
    """A row for each line; discount and tax in percent."""
    rows = [_row(line, products.get(line.product_id)) for line in lines]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def config(currency: str, lines: Collection[PricedLine]) -> dict[str, Any]:
    """How the columns look: with all cents, prices finer where need be."""
    cent = line_editor.step(currency)
    finest = line_editor.step(currency, (line.unit_price for line in lines))
    number: Any = st.column_config.NumberColumn
    return {
        "sku": _("SKU"),
        "name": st.column_config.TextColumn(_("Product"), width="medium"),
        "quantity": number(_("Quantity"), format="localized"),
        "price": number(_("Unit price"), format="localized", step=finest),
        "discount": number(_("Discount %"), format="localized"),
        "tax": number(_("Tax %"), format="localized"),
        "amount": number(_("Amount"), format="localized", step=cent),
        "invoiced": number(_("Invoiced"), format="localized"),
    }


def _row(line: PricedLine, product: Product | None) -> tuple[Any, ...]:
    return (
        product.sku if product else "",
        line.description or (product.name if product else "–"),
        cell(line.quantity),
        cell(line.unit_price),
        cell(line.discount * 100),
        cell(line.tax_rate * 100),
        cell(line.amount),
    )
