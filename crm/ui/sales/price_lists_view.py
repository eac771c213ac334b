"""The parts of the pages for price lists."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.i18n import _
from crm.models import Action, PriceList, PriceListFields
from crm.services import records
from crm.services.days import today
from crm.services.prices import price_lists
from crm.ui import access, day_input, feedback, inputs, navigation
from crm.ui.format import day, money, number, percent, plain


def new() -> None:
    """The form for one more list, where the user may make one."""
    if not access.current().may(Action.CREATE, "price_list"):
        return
    key = "new_price_list_{}".format
    with st.popover(_("New price list"), icon=":material/add:"):
        st.text_input(_("Name"), key=key("name"))
        st.text_input(_("Currency"), settings().currency, key=key("currency"))
        day_input.date_input(_("Valid from"), value=None, key=key("valid_from"))
        day_input.date_input(_("Valid until"), value=None, key=key("valid_until"))
        st.button(_("Create"), type="primary", key=key("save"), on_click=_new)


def _new() -> None:
    """Make what the form holds now: arguments would be those of the run before."""
    boxes = ("name", "currency", "valid_from", "valid_until")
    typed = {name: st.session_state[f"new_price_list_{name}"] for name in boxes}
    done = _("{name} is created.").format(name=typed["name"])
    if made := feedback.run(done, _create, typed):
        st.session_state["new_price_list_name"] = ""
        navigation.go("price_list", id=made.id)


def _create(session: Session, typed: dict[str, Any]) -> PriceList:
    data = {name: value for name, value in typed.items() if value}
    return price_lists.create(session, records.valid(PriceListFields, data))


def facts(row: PriceList) -> None:
    """In which currency, when it holds, how many prices it has."""
    with db.reading(access.current()) as session:
        count = price_lists.count(session, row.id)
    with st.grid(4, min_column_width=180):
        st.metric(_("Currency"), plain(row.currency), border=True)
        st.metric(_("Valid from"), day(row.valid_from), border=True)
        st.metric(_("Valid until"), day(row.valid_until), border=True)
        st.metric(_("Prices"), number(count), border=True)
    if not row.holds_on(today()):
        words = _why_not(row, today())
        st.info(plain(words), icon=":material/event_busy:")


def _why_not(row: PriceList, on: date) -> str:
    if not row.active:
        return _("It is not active: no quote takes its prices.")
    if row.valid_from and on < row.valid_from:
        return _("Its prices do not hold yet.")
    return _("Its prices do not hold any more.")


def copy(row: PriceList) -> None:
    """Make a list like this one, with other prices if need be."""
    if not access.current().may(Action.CREATE, "price_list"):
        return
    key = f"copy_{row.id}_{{}}".format
    with st.popover(_("Copy"), icon=":material/content_copy:"):
        usual = _("{name} (copy)").format(name=row.name)[:120]
        st.text_input(_("Name"), usual, key=key("name"))
        percent = inputs.amount(_("Change of prices, in percent"), 0, key=key("by"))
        words = _("Changed prices are rounded to what {currency} has. -5 is 5 % less.")
        st.caption(plain(words.format(currency=row.currency)))
        st.button(
            _("Make the copy"),
            type="primary",
            key=key("save"),
            disabled=percent is None,
            on_click=_copy,
            args=[row.id, key],
        )


def _copy(list_id: int, key: Callable[[str], str]) -> None:
    """Copy by what the form holds now: arguments would be those of the run before."""
    name, made = st.session_state[key("name")], None
    with feedback.caught():
        percent = inputs.held(key("by")) or Decimal(0)
        done = _("{name} is created.").format(name=name)
        made = feedback.run(done, price_lists.copied, list_id, name, percent=percent)
    if made:
        navigation.go("price_list", id=made.id)


def tax(share: Decimal | None) -> str:
    """A tax rate as a percentage: with decimals only where it has any."""
    if share is None:
        return "–"
    return percent(float(share), places=2 if share * 100 % 1 else 0)


def of_product(product_id: int) -> None:
    """The prices of a product in all lists."""
    with db.reading(access.current()) as session:
        found = price_lists.of_product(session, product_id)
    if not found:
        return
    st.subheader(_("Prices in lists"))
    for whole, price in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link(
                "price_list", whole.name, icon=":material/sell:", id=whole.id
            )
            words = _("{price} from a quantity of {n} on")
            told = {
                "price": money(price.price, whole.currency),
                "n": number(price.min_quantity, places=4),
            }
            st.caption(plain(words.format(**told)), width="content")
            if not whole.holds_on(today()):
                st.badge(_("Does not hold today"), color="gray")
