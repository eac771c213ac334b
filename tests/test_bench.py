"""The figures in the documents are those that were measured."""

import json
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from bench import company, database_time, scale, scale_picture
from crm import db, warehouse
from crm.models import Actor, Customer

FIGURES = {"wall": 3.0, "cpu": 2.5, "peak": 2048}


def test_the_table_in_the_documents_is_the_measured_one() -> None:
    known = json.loads(scale.KEPT.read_text(encoding="utf-8"))
    document = scale.PICTURE.parents[1] / "performance.md"

    assert "\n".join(scale.table(known)) in document.read_text(encoding="utf-8")


def test_the_picture_in_the_documents_is_drawn_from_the_measured_figures() -> None:
    known = json.loads(scale.KEPT.read_text(encoding="utf-8"))

    assert scale.PICTURE.read_text(encoding="utf-8") == scale_picture.svg(known)


def test_a_cell_tells_processor_seconds_and_gigabytes() -> None:
    assert scale.cell(FIGURES) == "2.5 s, 2.0 GB"


def test_what_took_too_long_is_told_instead_of_left_out() -> None:
    assert scale.cell({"longer_than": 900}) == "more than 900 s"


def test_a_picture_of_one_size_can_be_drawn() -> None:
    known = {"10000": {"figures": {"RFM <table>": FIGURES}}}

    drawn = ET.fromstring(scale_picture.svg(known))  # noqa: S314  (our own text)

    texts = [one.text for one in drawn.iter() if one.tag.endswith("text")]
    assert "RFM <table>" in texts


def test_names_in_the_picture_do_not_lie_on_each_other() -> None:
    assert scale_picture.spread([100, 101, 300]) == [100, 117, 300]


@pytest.mark.slow
@pytest.mark.usefixtures("database")
def test_the_company_lies_in_a_warehouse_as_a_refresh_makes_it() -> None:
    rows = company.write(3_000)

    with warehouse.reading() as house:
        orders, buyers = house.orders(), house.buyers(company.AS_OF)
    assert rows["customer"] == 300
    assert len(orders) == rows["sales_order"]
    assert buyers["frequency"].sum() == (orders["kind"] == "sale").sum()


def test_time_in_the_database_is_that_of_its_statements(admin: Actor) -> None:
    with database_time.measured() as meter:
        with db.transaction(admin) as session:
            session.add(Customer(name="A"))
        during = dict(meter.seconds)
        with db.reading(admin) as session:
            session.scalars(select(Customer)).all()
    after = dict(meter.seconds)
    with db.reading(admin) as session:
        session.scalars(select(Customer)).all()

    assert during["insert"] > 0
    assert during["commit"] > 0
    assert after["select"] > during["select"]
    assert meter.seconds == after
    assert meter.whole == sum(after.values())
    assert len(meter.writes) == 1
