"""Choose products by searching: there may be too many of them for one menu."""

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st
from sqlalchemy import select, true
from sqlmodel import Session, col

from crm import db
from crm.i18n import _
from crm.models import Product
from crm.services.fields import Kind
from crm.services.list_values import names as names_of
from crm.ui import access
from crm.ui.format import number, plain

MOST = 50  # products in the menu, next to those that are chosen


def several(chosen: Iterable[object], *, key: str, width: int) -> list[int]:
    """A menu of the products that a typed search finds; what is chosen stays in it.

    Where all products fit into the menu, there is nothing to type into.
    """
    text = str(st.session_state.get(f"{key}_search") or "").strip()
    with db.reading(access.current()) as session:
        kept = _labels(session, db.ids_in(col(Product.id), _ids(chosen)), limit=None)
        found = _found(session, text)
    options = kept | dict(list(found.items())[:MOST])
    with st.container(width=width, gap="xsmall"):
        if text or len(found) > MOST:
            st.text_input(
                _("Search products"),
                key=f"{key}_search",
                placeholder=_("Search products …"),
                icon=":material/search:",
                label_visibility="collapsed",
            )
        if len(found) > MOST:
            said = _("The first {n} products. Search for others.")
            st.caption(plain(said.format(n=number(MOST))))
        elif not found and text:
            st.caption(_("No product fits."))
        return st.multiselect(
            _("Value"),
            list(options),
            default=list(kept),
            format_func=options.__getitem__,
            key=key,
            label_visibility="collapsed",
        )


def names(ids: Sequence[object]) -> dict[int, str]:
    """Names of products, as far as they are there."""
    with db.reading(access.current()) as session:
        return names_of(session, Kind.PRODUCT, _ids(ids))


def _ids(values: Iterable[object]) -> list[int]:
    """What may be the id of a product: a filter may come from an address."""
    return [one for one in values if isinstance(one, int) and 0 < one < 2**63]


def _found(session: Session, text: str) -> dict[int, str]:
    """The first products that hold `text`, one more than are shown."""
    which = db.contains(col(Product.search_key), text) if text else true()
    return _labels(session, which, limit=MOST + 1)


def _labels(session: Session, which: Any, *, limit: int | None) -> dict[int, str]:
    """Name and SKU, by which products of one name are told apart."""
    columns = select(col(Product.id), col(Product.name), col(Product.sku)).where(which)
    some = columns.order_by(col(Product.name), col(Product.id)).limit(limit)
    return {row.id: f"{row.name} · {row.sku}" for row in session.execute(some)}
