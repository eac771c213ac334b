"""Money, times and texts through the API, lists and files: alike on every database.

What single columns do is in `tests/db/test_portable_types.py`.
"""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from crm import db
from crm.models import Actor
from crm.services import export_format, exporting, lists
from crm.services.export_format import csv_in
from tests import make
from tests.api.conftest import As

TODAY = date(2026, 3, 2)


@pytest.fixture
def api(admin: Actor) -> TestClient:
    """The API as Ada has it."""
    return TestClient(As(admin), raise_server_exceptions=False)


def order(*lines: tuple[str, str], **details: Any) -> dict[str, Any]:
    """What is sent to record an order of quantities at prices."""
    product = make.product().id
    return {
        "number": f"O-{next(make.numbers)}",
        "customer_id": make.customer().id,
        "ordered_at": "2026-03-01T12:00:00Z",
        "lines": [
            {"product_id": product, "quantity": quantity, "unit_price": price}
            for quantity, price in lines
        ],
    } | details


def listed(actor: Actor, entity: str, column: str, **query: Any) -> list[Any]:
    """One column of what a list finds."""
    with db.reading(actor) as session:
        wanted = lists.Query(entity, columns=(column,), **query)
        found = lists.page(session, wanted, today=TODAY)
    return [row[column] for row in found.rows]


def written(actor: Actor, entity: str, column: str, path: Path, **query: Any) -> str:
    """The CSV file of one column of a list."""
    with db.reading(actor) as session:
        wanted = lists.Query(entity, columns=(column,), **query)
        header, rows = exporting.table(session, wanted, today=TODAY)
        export_format.write_csv(path, header, rows)
    return path.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ([("3", "0.1")], "0.3"),
        ([("1", "0.1"), ("1", "0.2")], "0.3"),
        ([("1", "999999999999.9998"), ("2", "0.0001")], "1000000000000"),
        ([("3", "333333333333.3333")], "999999999999.9999"),
    ],
)
def test_money_is_exact_in_answers_and_is_text_there(
    api: TestClient, lines: list[tuple[str, str]], total: str
) -> None:
    """F2."""
    made = api.post("/v1/orders", json=order(*lines))

    assert made.status_code == 201, made.text
    read = api.get(made.headers["location"].removeprefix("/api"))
    assert read.json() == made.json()
    assert read.json()["total"] == total


@pytest.mark.slow
def test_what_is_no_money_is_refused(
    api: TestClient, subtests: pytest.Subtests
) -> None:
    """F2."""
    for price in ["0.00001", "NaN", "Infinity", "1e30", "x", None]:
        with subtests.test(price=price):
            assert api.post("/v1/orders", json=order(("1", price))).status_code == 422


def test_money_is_filtered_sorted_and_exported_exactly(
    admin: Actor, tmp_path: Path
) -> None:
    """F2: two amounts that a float cannot tell apart."""
    most, less = "922337203685477.5807", "922337203685477.5806"
    for price in (most, less):
        make.product(name=f"P {price}", price=price)

    for op, found in (("eq", [most]), ("lt", [less]), ("ge", [most])):
        rule = {"field": "price", "op": op, "value": most}
        assert list(map(str, listed(admin, "product", "price", rule=rule))) == found
    file = written(admin, "product", "price", tmp_path / "prices.csv", sort="-price")
    cells = [line.split(",")[1] for line in file.splitlines()[1:]]
    assert cells == [f'"{most}"', f'"{less}"']


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("2026-03-01T12:00:00.123456+08:00", "2026-03-01T04:00:00.123456+00:00"),
        ("2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00+00:00"),  # no such hour
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00+00:00"),  # twice that day
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
        ("2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59.999999+00:00"),
        ("2999-12-31T23:59:59Z", "2999-12-31T23:59:59+00:00"),
    ],
)
def test_a_moment_is_the_same_instant_in_every_answer(
    api: TestClient, sent: str, answered: str
) -> None:
    """F3."""
    made = api.post("/v1/orders", json=order(("1", "1"), ordered_at=sent))

    assert made.status_code == 201, made.text
    read = api.get(made.headers["location"].removeprefix("/api")).json()
    assert read["ordered_at"] == made.json()["ordered_at"] == answered


def test_a_moment_without_a_zone_is_refused(
    api: TestClient, subtests: pytest.Subtests
) -> None:
    """F3."""
    for sent in ["2026-03-01T12:00:00", "2026-03-01", "noon", ""]:
        with subtests.test(sent=sent):
            made = api.post("/v1/orders", json=order(("1", "1"), ordered_at=sent))

            assert made.status_code == 422


def test_a_day_ends_where_the_next_begins(admin: Actor) -> None:
    """F3: to the microsecond."""
    customer = make.customer()
    for number, moment in enumerate(
        [
            datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC),
            datetime(2026, 3, 1, tzinfo=UTC),
            datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
            datetime(2026, 3, 2, tzinfo=UTC),
        ]
    ):
        make.order(customer, number=f"N{number}", ordered_at=moment)

    rule = {"field": "ordered_at", "op": "on", "value": "2026-03-01"}
    assert sorted(listed(admin, "sales_order", "number", rule=rule)) == ["N1", "N2"]


@pytest.mark.slow
def test_a_search_and_a_filter_find_the_same(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    """F4; the search box has more words in `tests/services/test_search.py`."""
    for known in ("École Normale", "Straße 7", "张三", "100%_ Wool", "1000 Wools"):
        make.customer(name=known)

    for text, name in [
        ("école", "École Normale"),
        ("ECOLE", "École Normale"),
        ("STRASSE", "Straße 7"),
        ("张", "张三"),
        ("100%_", "100%_ Wool"),
    ]:
        with subtests.test(text=text, name=name):
            rule = {"field": "name", "op": "contains", "value": text}

            assert listed(admin, "customer", "name", search=text) == [name]
            assert listed(admin, "customer", "name", rule=rule) == [name]


NFC = "\u00e9"
ODD = [
    ("e\u0301", NFC),  # composed
    ("\ufb01n", "\ufb01n"),  # but not folded
    ("\u202eabc", "\u202eabc"),  # right to left
    ("zero\u200bwidth\u200d", "zero\u200bwidth\u200d"),
    ("\x01a\x1f\x7fb", "ab"),  # control characters go
    ("0\x1f", "0"),
    ("  padded  ", "padded"),
    ("\u00a0no break\u3000", "no break"),
    ("tab\there", "tab\there"),
    ("\U0001f600\U0001f1e8\U0001f1f3", "\U0001f600\U0001f1e8\U0001f1f3"),
    ("'; DROP TABLE customer; --", "'; DROP TABLE customer; --"),
    ("\\N\\0%_", "\\N\\0%_"),
    ("null", "null"),
    ("=1+1", "=1+1"),
    ("{}", "{}"),
    ("a" + "\u0301" * 198, "\u00e1" + "\u0301" * 197),
    ("\ufdfa" * 200, "\ufdfa" * 200),
]


@pytest.mark.parametrize(("sent", "kept"), ODD, ids=range(len(ODD)))
def test_odd_text_is_answered_at_once_as_it_is_read_later(
    api: TestClient, admin: Actor, sent: str, kept: str
) -> None:
    """C11."""
    made = api.post("/v1/customers", json={"name": sent, "notes": sent, "city": ""})

    assert made.status_code == 201, made.text
    read = api.get(made.headers["location"].removeprefix("/api")).json()
    assert read == made.json()
    assert (read["name"], read["notes"], read["city"]) == (kept, kept, None)
    rule = {"field": "name", "op": "is", "value": kept}
    assert listed(admin, "customer", "name", rule=rule) == [kept]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "a\x00b"},
        {"name": " \t\u3000"},
        {"name": "\x01\x1f"},
        {"name": "a" + "\u0301" * 1_000_000},
        {"name": "a", "notes": "x" * 20_001},
        {"name": "a", "city": "\x00"},
    ],
    ids=range(6),
)
@pytest.mark.slow
def test_text_that_no_database_should_hold_is_refused(
    api: TestClient, body: dict[str, str]
) -> None:
    """C11."""
    assert api.post("/v1/customers", json=body).status_code == 422


def test_half_a_character_is_refused(api: TestClient) -> None:
    """C11: JSON can spell it, Python's own client cannot."""
    body = json.dumps({"name": "a\ud800"}).encode()
    headers = {"content-type": "application/json"}

    answer = api.post("/v1/customers", content=body, headers=headers)

    assert answer.status_code == 422


def test_the_longest_notes_are_kept_whole(api: TestClient) -> None:
    """C11: four bytes each, which is what MySQL counts."""
    notes = "\U0001f600" * 20_000

    made = api.post("/v1/customers", json={"name": "a", "notes": notes})

    read = api.get(made.headers["location"].removeprefix("/api")).json()
    assert read["notes"] == made.json()["notes"] == notes


def test_odd_text_comes_out_of_a_file_as_it_went_in(
    admin: Actor, tmp_path: Path
) -> None:
    """C11, C7."""
    texts = sorted({kept for _sent, kept in ODD if "\t" not in kept})
    for text in texts:
        make.customer(name=text)

    file = written(admin, "customer", "name", tmp_path / "odd.csv")

    cells = [row[1] for row in csv.reader(file.splitlines())][1:]
    assert sorted(csv_in(cell) for cell in cells) == texts
