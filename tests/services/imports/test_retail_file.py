"""The real order file of a web shop goes in whole, as messy as it is."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from crm.services.imports import reading
from crm.services.imports.formats import Chunk
from crm.services.imports.headers import likely_target, suggest
from crm.services.imports.parsed import Parsed
from crm.services.imports.targets import ORDERS
from crm.services.imports.values import parse, votes

FILE = Path(__file__).parents[3] / (
    "../shared/data/retail_orders_2010-12_to_2011-02.csv"
)
pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="the retail file is not beside this checkout"
)


@pytest.fixture(scope="module")
def retail() -> dict[str, Parsed]:
    """The parsed columns of the file, by field."""
    form = reading.sniff(FILE)
    table = joined(reading.chunks(FILE, form))
    return {
        each.field: parse(table[each.column], ORDERS.field(each.field))
        for each in suggest(form.header, ORDERS)
    }


def joined(chunks: Iterator[Chunk]) -> pa.Table:
    return pa.concat_tables([chunk.columns for chunk in chunks])


def test_it_is_taken_for_orders() -> None:
    assert likely_target(reading.sniff(FILE).header) is ORDERS


@pytest.mark.slow
def test_all_its_rows_are_there(retail: dict[str, Parsed]) -> None:
    assert len(retail["order_number"].values) == 105_335


@pytest.mark.slow
def test_no_required_cell_is_bad(retail: dict[str, Parsed]) -> None:
    bad = {name: int(parsed.bad.sum()) for name, parsed in retail.items()}

    assert {name: bad[name] for name in ORDERS.required} == dict.fromkeys(
        ORDERS.required, 0
    )


def test_lines_without_a_customer(retail: dict[str, Parsed]) -> None:
    assert retail["customer_external_id"].values.null_count == 36_210


def test_returns(retail: dict[str, Parsed]) -> None:
    assert int((retail["quantity"].values.to_numpy() < 0).sum()) == 2_118


def test_lines_of_cancelled_invoices(retail: dict[str, Parsed]) -> None:
    cancelled = pc.starts_with(retail["order_number"].values, "C")

    assert pc.sum(cancelled).as_py() == 1_904


@pytest.mark.slow
def test_its_dates_and_prices_leave_no_doubt() -> None:
    form = reading.sniff(FILE)
    table = joined(reading.chunks(FILE, form))

    assert votes(table["InvoiceDate"], ORDERS.field("ordered_at")).doubt == ""
    assert votes(table["UnitPrice"], ORDERS.field("unit_price")).doubt == ""


@pytest.mark.slow
def test_only_lands_that_are_no_country_are_told(retail: dict[str, Parsed]) -> None:
    form = reading.sniff(FILE)
    land = joined(reading.chunks(FILE, form))["Country"].combine_chunks()

    unknown = land.filter(pa.array(retail["customer_country"].bad))

    assert set(unknown.to_pylist()) <= {"Channel Islands", "European Community"}
    assert np.count_nonzero(retail["customer_country"].bad) == len(unknown)
