"""A SKU in other letters, or with doubled spaces, is the same SKU."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.models import SYSTEM, Actor, OpportunityLine, OrderLine, Product
from tests import make
from tests.services.imports.engine import brought, latest, rows_of, told

HEAD = "order_number,ordered_at,customer_external_id,sku,product_name,quantity"


def orders(*lines: str) -> str:
    made = (f"{n},2026-03-01,C1,{line},1" for n, line in enumerate(lines))
    return "\n".join([f"{HEAD},unit_price", *(f"{one},5" for one in made), ""])


def sold() -> list[str]:
    """The SKU of the product on each line, in order."""
    of_line = col(Product.id) == col(OrderLine.product_id)
    statement = select(col(Product.sku)).join(OrderLine, of_line)
    with db.reading(SYSTEM) as session:
        return list(session.scalars(statement.order_by(col(OrderLine.id))))


@pytest.mark.slow
def test_lines_of_a_new_product_agree_on_its_most_frequent_spelling(
    admin: Actor,
) -> None:
    lines = ("85123a,Heart", "85123A,Heart", "85123A,Hearts", "85123a,Heart")
    lines += ("85123A,Heart", "BANK  charges,Fee", "Bank Charges,Fee")

    brought(admin, orders(*lines), "orders")

    assert rows_of(Product, "sku", "name") == [
        ("85123A", "Heart"), ("BANK charges", "Fee")
    ]  # fmt: skip
    assert sold() == ["85123A"] * 5 + ["BANK charges"] * 2


@pytest.mark.slow
def test_a_product_that_is_there_is_found_in_other_letters(admin: Actor) -> None:
    make.product(sku="Pen-1", name="Pen")

    brought(admin, orders("PEN-1,Pencil", "pen-1,Pencil"), "orders")

    assert rows_of(Product, "sku", "name") == [("Pen-1", "Pen")]
    assert sold() == ["Pen-1", "Pen-1"]


@pytest.mark.slow
def test_two_from_before_are_told_apart_as_they_are_written(admin: Actor) -> None:
    for sku in ("Aa", "AA"):
        make.product(sku=sku)

    brought(admin, orders("AA,", "Aa,", "aa,"), "orders")

    assert sold() == ["AA", "Aa", "Aa"]


@pytest.mark.slow
def test_a_list_of_products_changes_those_that_are_there(admin: Actor) -> None:
    make.product(sku="PEN", name="Pen")

    brought(admin, "sku,name\npen,Fine pen\nInk,Ink\nINK,Blue ink\n", "products")

    assert rows_of(Product, "sku", "name") == [("PEN", "Fine pen"), ("Ink", "Ink")]
    assert told(admin, latest(admin)) == [(3, None, "The same record as in row 2.")]


@pytest.mark.slow
def test_opportunities_name_products_in_any_letters(admin: Actor) -> None:
    make.stages()
    make.product(sku="GTX-Pro", name="Something else", price=Decimal(5))

    head = "customer_name,name,product,stage,amount"
    brought(admin, f"{head}\nAcme,1,gtx-pro,Proposal,50\n", "opportunities")

    assert len(rows_of(OpportunityLine, "product_id")) == 1
    assert len(rows_of(Product, "sku")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("sku", ["Pen  1", "PEN 1"])
def test_it_is_stored_with_single_spaces(admin: Actor, sku: str) -> None:
    brought(admin, f"sku,name\n{sku},Pen\n", "products")

    assert rows_of(Product, "sku") == [(" ".join(sku.split()),)]
