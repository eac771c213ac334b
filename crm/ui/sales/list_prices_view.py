"""The prices of a list: a table to write into, and a way to add one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, ListPriceFields, PriceList
from crm.services import lists, records
from crm.services.days import today
from crm.services.prices import list_prices, price_lists
from crm.services.prices.price_lists import Priced
from crm.ui import access, feedback, inputs
from crm.ui.format import cell, number, plain
from crm.ui.sales import line_editor

SHOWN = 200  # prices in the table
MOST = 50  # products to choose from
DIGITS = 40
NUMBERS = ("min_quantity", "price")


def show(row: PriceList) -> None:
    """Search, add, change, remove; only a table for who may not write."""
    may = access.current().may(Action.UPDATE, "price_list")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.text_input(
            _("Search"),
            key=f"prices_{row.id}_q",
            placeholder=_("Name or SKU …"),
            icon=":material/search:",
            label_visibility="collapsed",
            width=260,
        )
        if may:
            with st.popover(_("Add a price"), icon=":material/add:"):
                _add_form(row)
    with db.reading(access.current()) as session:
        found = price_lists.prices(session, row.id, search=word, limit=SHOWN + 1)
    if not found:
        hint = _("Add one, or bring in a file.") if may and not word else ""
        feedback.empty(
            _("Nothing fits.") if word else _("No prices yet."), hint, icon="sell"
        )
        return
    _grid(row, found[:SHOWN], may)
    if len(found) > SHOWN:
        words = _("The first {n} prices; search for others.")
        st.caption(plain(words.format(n=number(SHOWN))))


def _grid(row: PriceList, found: list[Priced], may: bool) -> None:
    table = [
        (one.product.name, one.product.sku, cell(one.price.min_quantity),
         cell(one.price.price), False)
        for one in found
    ]  # fmt: skip
    kinds = st.column_config
    number_: Any = kinds.NumberColumn
    step = line_editor.step(row.currency, [one.price.price for one in found])
    price = _("Price, {currency}").format(currency=row.currency)
    frame = pd.DataFrame(table, columns=["product", "sku", *NUMBERS, "remove"])
    st.data_editor(
        frame,
        key=grid_key(found),
        hide_index=True,
        num_rows="fixed",
        height="content" if len(found) <= 12 else 460,
        disabled=["product", "sku"] if may else True,
        column_order=None if may else ["product", "sku", *NUMBERS],
        column_config={
            "product": kinds.TextColumn(_("Product"), pinned=True),
            "sku": _("SKU"),
            "min_quantity": number_(_("From quantity"), format="localized"),
            "price": number_(price, format="localized", step=step),
            "remove": kinds.CheckboxColumn(_("Remove")),
        },
        placeholder="",
        on_change="ignore",
        alt=_("Prices"),
    )
    if may:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Save the prices"),
                icon=":material/save:",
                key="prices_save",
                on_click=_save,
                args=[found],
            )
            st.caption(_("Write into the table, then save."), width="content")


def grid_key(found: list[Priced]) -> str:
    """Another one for other rows: what is written into a table goes into no other."""
    rows = repr([(one.price.id, one.price.version) for one in found])
    return f"prices_grid_{crc32(rows.encode())}"


def _save(found: list[Priced]) -> None:
    held = st.session_state.get(grid_key(found))
    edited = held.get("edited_rows") if isinstance(held, Mapping) else None
    if edited:
        feedback.run(_("Saved."), _write, found, edited)


def _write(session: Session, found: list[Priced], edited: Mapping[Any, Any]) -> bool:
    """Change and take out what a browser says; the service checks every value."""
    for place, cells in edited.items():
        text = str(place)
        if not (text.isascii() and text.isdecimal() and int(text[:6]) < len(found)):
            continue
        one = found[int(text[:6])]
        if cells.get("remove") is True:
            list_prices.remove(session, one.price.id, version=one.price.version)
            continue
        typed = {name: cells[name] for name in NUMBERS if name in cells}
        values = {name: str(value)[:DIGITS] for name, value in typed.items()}
        kept = {name: getattr(one.price, name) for name in NUMBERS}
        given = {"product_id": one.product.id} | kept | values
        form = records.valid(ListPriceFields, given)
        list_prices.change(session, one.price.id, form, version=one.price.version)
    return True


def _add_form(row: PriceList) -> None:
    key = f"add_price_{row.id}_{{}}".format
    word = st.text_input(
        _("Search a product"), key=key("word"),
        placeholder=_("Name or SKU …"), icon=":material/search:",
    )  # fmt: skip
    found, more = _products(word or "")
    product_id = st.selectbox(
        _("Product"), list(found), index=0 if word and found else None,
        format_func=found.__getitem__, placeholder=_("Choose one"),
        key=key(f"product_{word}"),
    )  # fmt: skip
    if more:
        words = _("The first {n} products that fit; type more to narrow them down.")
        st.caption(plain(words.format(n=number(MOST))))
    quantity = inputs.amount(_("From quantity"), 1, key=key("quantity"))
    label = _("Price, {currency}").format(currency=row.currency)
    price = inputs.amount(label, None, key=key("price"))
    st.button(
        _("Add"), type="primary", key=key("save"),
        disabled=None in (product_id, quantity, price),
        on_click=_add, args=[row],
    )  # fmt: skip


def _products(word: str) -> tuple[dict[int, str], bool]:
    """Products by id, as they are told apart; and whether there are more."""
    query = lists.Query("product", word, None, "name", ("name", "sku"))
    with db.reading(access.current()) as session:
        page = lists.page(session, query, today=today(), size=MOST)
    found = {int(one["id"]): f"{one['name']} · {one['sku']}" for one in page.rows}
    return found, page.total > MOST


def _add(row: PriceList) -> None:
    """Set what the form holds now: arguments would be those of the run before."""
    made, form = None, f"add_price_{row.id}"
    with feedback.caught():
        figures = inputs.held(f"{form}_quantity"), inputs.held(f"{form}_price")
        product_id = inputs.picked(form, "product")
        made = feedback.run(_("The price is set."), _put, row.id, product_id, *figures)
    if made:
        st.session_state[f"add_price_{row.id}_price"] = ""
        st.session_state[f"add_price_{row.id}_quantity"] = "1"


def _put(
    session: Session, key: int, product_id: int, quantity: Decimal, price: Decimal
) -> Any:
    given = {"product_id": product_id, "min_quantity": quantity, "price": price}
    return list_prices.put(session, key, [records.valid(ListPriceFields, given)])
