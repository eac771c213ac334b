"""The versions of a quote, and what each has changed."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.models import Quote
from crm.services.documents import quotes, quotes_lines
from crm.services.documents.papers.figures import percent
from crm.services.documents.quotes_versions import Difference, differences
from crm.ui import access, navigation
from crm.ui.format import day, money, number, plain
from crm.ui.sales import quote_view

SHOWN = 8


def show(row: Quote) -> None:
    """All versions, the latest first; nothing while there is one only."""
    with db.reading(access.current()) as session:
        found = quotes.versions(session, row)
        if len(found) < 2:
            return
        ids = {line.product_id for one in found for line in one.lines}
        found_names = quotes_lines.names(session, ids)
    names = {key: " · ".join(told) for key, told in found_names.items()}
    st.subheader(_("Versions"))
    for one, before in zip(found, [*found[1:], None], strict=True):
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                words = _("Version {n}").format(n=one.revision)
                if one.id == row.id:
                    st.markdown(f"**{plain(words)}**", width="stretch")
                else:
                    with st.container(width="stretch"):
                        navigation.link("quote", words, id=one.id)
                total = money(one.total, one.currency)
                st.caption(plain(total), width="content")
                quote_view.badge(one)
            if before is not None:
                _changes(before, one, names)


def _changes(old: Quote, new: Quote, names: dict[int, str]) -> None:
    found = differences(old, new)
    for one in found[:SHOWN]:
        st.caption(plain(_words(one, new.currency, names)))
    if len(found) > SHOWN:
        more = ngettext(
            "and {n} more change",
            "and {n} more changes",
            len(found) - SHOWN,
        ).format(n=number(len(found) - SHOWN))
        st.caption(plain(more))


def _words(one: Difference, currency: str, names: dict[int, str]) -> str:
    """“Ink · INK-1 · Quantity: 2 → 3”."""
    product = names.get(one.product_id, "–") if one.product_id else None
    if one.name == "lines":
        is_new = one.before is None
        words = _("{product} is new: {n}") if is_new else _("{product} is gone: {n}")
        quantity = number(one.after if is_new else one.before, places=4)
        return words.format(product=product, n=quantity)
    if one.name in ("intro", "terms", "description"):
        told = _("changed")
    else:
        before, after = (_value(one.name, v, currency) for v in (one.before, one.after))
        told = f"{before} → {after}"
    label = f"{_label(one.name)}: {told}"
    return f"{product} · {label}" if product else label


def _label(name: str) -> str:
    labels = {
        "customer_id": _("Customer"),
        "contact_id": _("Contact"),
        "currency": _("Currency"),
        "valid_until": _("Valid until"),
        "intro": _("Text above the lines"),
        "terms": _("Terms"),
        "total": _("Total"),
        "quantity": _("Quantity"),
        "unit_price": _("Unit price"),
        "discount": _("Discount"),
        "tax_rate": _("Tax rate"),
        "description": _("Description"),
    }
    return labels[name]


def _value(name: str, value: Any, currency: str) -> str:
    if name == "valid_until":
        return day(value)
    if name in ("total", "unit_price"):
        return money(value, currency)
    if name in ("discount", "tax_rate"):
        return percent(value)
    if name == "quantity":
        return number(value, places=4)
    return "–" if value is None else str(value)
