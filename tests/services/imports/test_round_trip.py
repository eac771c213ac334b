"""What the app exports it imports the same: no cell moves, nobody gains a right."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from crm import db, i18n
from crm.models import SYSTEM, Actor, Contact, Customer, CustomerFields, Product
from crm.models.values import storable
from crm.services import exporting, lists
from crm.services.export_format import write_csv
from crm.services.imports import runs
from tests import make
from tests.services.imports.engine import brought, latest, rows_of, told

TODAY = date(2026, 3, 2)
LINES = ("name", "street", "postal_code", "city", "region", "sector", "source")
TEXTS = (*LINES, "tax_number", "external_id", "notes")
UNSEEN = re.compile("[\u0080-\u009f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
"""What an import takes out of text, or refuses; a form would keep it."""


def kept(text: str) -> str | None:
    """`text` as a form keeps it, in one line."""
    shown = UNSEEN.sub("", str(storable(text) or ""))
    return " ".join(shown.split()) or None


PIECES = st.sampled_from(
    [
        *('"', '""', ",", ";", "\t", "\\", '\\"', "'", "\r\n", "\n", "\x00", " "),
        *("=1+1", "@x", "-2", "+49", "0", "’t", "id", "owner", "null", "NaN"),
        *("🎈", "é", "ＡＢ"),
    ]
)
NASTY = st.lists(PIECES | st.text(max_size=3), max_size=6).map("".join)
LINE = NASTY.map(lambda text: kept(text.replace("\x00", "")))
ROWS = st.lists(
    st.fixed_dictionaries(
        dict.fromkeys(TEXTS, LINE)
        | {"notes": LINE | st.tuples(LINE, LINE).map(lambda two: joined(*two))}
    ),
    min_size=1,  # a header alone is refused
    max_size=4,
)


def joined(one: str | None, other: str | None) -> str | None:
    return f"{one}\n{other}" if one and other else one or other


@pytest.mark.slow
@given(rows=ROWS)
@settings(max_examples=12)
def test_customers_come_back_the_same(
    admin: Actor, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    path = tmp_path / "out.csv"
    for number, row in enumerate(rows):
        row["name"] = f"{number} {row['name'] or ''}".strip()
        row["external_id"] = f"{number}{row['external_id'] or ''}"
        make.saved(Customer(**CustomerFields(**row).model_dump()))
    before = rows_of(Customer, *TEXTS)
    export(admin, "customer", path, *TEXTS, "owner_id")
    empty(Customer)

    report = brought(admin, path, "customers")

    assert told(admin, latest(admin)) == []
    assert report.counts.created == len(rows)
    assert rows_of(Customer, *TEXTS) == before
    empty(Customer)


@pytest.mark.slow
@pytest.mark.parametrize("spoken", i18n.LANGUAGES)
def test_a_file_of_the_app_changes_nothing_that_is_there(
    admin: Actor, tmp_path: Path, spoken: str
) -> None:
    """In whatever language it was written."""
    acme = make.customer(
        name="=Acme", email="a@b.example", phone="+493012345", country="DE"
    )
    make.contact(acme, first_name="Ann", last_name="'Lee", email="ann@b.example")
    make.product(sku="-1", name="Cup", price="1234.5", active=False)
    customers = ("name", "kind", "email", "phone", "country", "owner_id", "updated_at")
    contacts = ("last_name", "first_name", "customer_id", "email")

    for entity, target, columns in (
        ("customer", "customers", customers),
        ("contact", "contacts", contacts),
        ("product", "products", ("name", "sku", "price", "active")),
    ):
        with i18n.language(spoken):
            export(admin, entity, tmp_path / entity, *columns)
        report = brought(admin, tmp_path / entity, target)

        assert told(admin, latest(admin)) == []
        assert (report.counts.rows, report.counts.unchanged) == (1, 1)
    assert rows_of(Customer, "version") == rows_of(Contact, "version") == [(1,)]
    assert rows_of(Product, "version") == [(1,)]


@pytest.mark.slow
def test_a_file_of_the_app_gives_nobody_a_right(
    admin: Actor, alice: Actor, tmp_path: Path
) -> None:
    make.customer(admin, name="Acme")
    export(admin, "customer", tmp_path / "out.csv", "name", "owner_id")
    empty(Customer)

    brought(alice, tmp_path / "out.csv", "customers", match_key="name")

    assert rows_of(Customer, "name", "owner_id") == [("Acme", alice.user_id)]


def export(actor: Actor, entity: str, path: Path, *columns: str) -> None:
    with db.reading(actor) as session:
        wanted = lists.Query(entity, columns=columns)
        header, rows = exporting.table(session, wanted, today=TODAY)
        write_csv(path, header, rows)


def empty(table: type[Any]) -> None:
    with db.transaction(SYSTEM) as session:
        session.connection().execute(delete(table.__table__))


def test_suggestions_know_the_columns_of_the_app(admin: Actor, tmp_path: Path) -> None:
    make.customer(name="Acme")
    export(admin, "customer", tmp_path / "out.csv", *TEXTS, "owner_id", "updated_at")

    upload = runs.upload(admin, tmp_path / "out.csv", "out.csv")
    with db.transaction(admin) as session:
        import_id = runs.start(session, upload, "customers").id
        mapping = runs.proposed(session, import_id).mapping

    assert {field for field in mapping.values() if field} == {
        *TEXTS, "owner", "changed_at",
    }  # fmt: skip
