"""Who we are, as it stands on what we send."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import Forbidden, Invalid, Stale
from crm.models import Actor, Change, Setting
from crm.services import records
from crm.services.admin import company
from crm.services.admin.company import Company, CompanyFields


def saved(actor: Actor, version: int | None = None, **details: Any) -> Company:
    form = records.valid(CompanyFields, {"name": "Meyer GmbH"} | details)
    with db.transaction(actor) as session:
        return company.save(session, form, version=version)


def test_an_empty_house_has_no_name_and_the_usual_terms(viewer: Actor) -> None:
    with db.reading(viewer) as session:
        found = company.profile(session)

    assert (found.name, found.letterhead, found.version) == ("", (), 0)
    assert (found.payment_days, found.quote_days, found.tax_rate) == (30, 30, 0)


def test_what_is_filled_in_is_read_by_everyone(admin: Actor, viewer: Actor) -> None:
    saved(
        admin,
        address="Hafenstraße 1\n\n  20457 Hamburg \n",
        tax_number="DE123456789",
        email="office@meyer.example",
        bank="IBAN DE02 1203 0000 0000 2020 51",
        tax_rate=Decimal("0.19"),
        payment_days=14,
        quote_terms="Freight is extra.",
    )

    with db.reading(viewer) as session:
        found = company.profile(session)
    assert found.address == ("Hafenstraße 1", "20457 Hamburg")
    assert (found.tax_rate, found.payment_days) == (Decimal("0.19"), 14)
    assert (found.quote_terms, found.invoice_terms) == ("Freight is extra.", None)
    assert found.letterhead == (
        "Meyer GmbH",
        "Hafenstraße 1",
        "20457 Hamburg",
        "office@meyer.example",
        "DE123456789",
    )


def test_a_change_is_in_the_log(admin: Actor) -> None:
    saved(admin)
    saved(admin, payment_days=7)

    with db.reading(admin) as session:
        found = select(Change).where(col(Change.entity) == Setting.__tablename__)
        _first, last = session.scalars(found.order_by(col(Change.id)))
    days = [(one or {})["content"]["payment_days"] for one in (last.before, last.after)]
    assert days == [30, 7]


def test_two_who_write_at_once_notice_each_other(admin: Actor) -> None:
    first = saved(admin, version=0)
    saved(admin, version=first.version, phone="1")

    with pytest.raises(Stale):
        saved(admin, version=first.version, phone="2")
    with pytest.raises(Stale):
        saved(admin, version=0, phone="3")


def test_only_an_administrator_fills_it_in(alice: Actor) -> None:
    with pytest.raises(Forbidden):
        saved(alice)


@pytest.mark.parametrize(
    "details",
    [
        {"name": " "},
        {"email": "office@meyer.example, eve@example.com"},
        {"tax_rate": Decimal("1.9")},
        {"tax_rate": Decimal("0.12345")},
        {"payment_days": -1},
        {"quote_days": 0},
        {"address": "\n".join("abcdefghij")},
        {"phone": "\x00"},
        {"vat": "x"},
    ],
)
def test_what_does_not_fit_is_refused(admin: Actor, details: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        saved(admin, **details)
