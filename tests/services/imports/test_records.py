"""Customers, contacts and products come in, and change what is there as was chosen."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm import db
from crm.models import (
    Actor,
    Change,
    Contact,
    Customer,
    CustomerKind,
    CustomKind,
    Deed,
    Product,
    folded,
)
from crm.services.admin import custom_fields
from crm.services.customers import tags
from crm.services.imports.choices import Mode, Policy
from tests import make
from tests.services.imports.engine import (
    begun,
    brought,
    latest,
    only,
    ran,
    rows_of,
    told,
)


@pytest.mark.slow
def test_customers_come_in(admin: Actor) -> None:
    report = brought(
        admin,
        "Name,Type,Email,Phone,City,Country,Customer ID\n"
        "Müller & Söhne,company,Info@Mueller.example,030 1234567,Berlin,Germany,C-1\n"
        "张三 🎈,person,,,上海,中国,C-2\n",
        "customers",
        mapping={
            "Name": "name",
            "Type": "kind",
            "Email": "email",
            "Phone": "phone",
            "City": "city",
            "Country": "country",
            "Customer ID": "external_id",
        },
        country="DE",
    )

    assert (report.counts.created, report.made) == (2, {"customer": 2})
    names = ("name", "kind", "email", "phone", "city", "country", "external_id")
    assert rows_of(Customer, *names) == [
        (
            "Müller & Söhne", CustomerKind.COMPANY, "info@mueller.example",
            "+49301234567", "Berlin", "DE", "C-1",
        ),
        ("张三 🎈", CustomerKind.PERSON, None, None, "上海", "CN", "C-2"),
    ]  # fmt: skip


@pytest.mark.slow
def test_what_follows_from_other_fields_is_set(admin: Actor) -> None:
    brought(admin, "name,email,external_id\nÉcole,A@B.example,X1\n", "customers")

    found = only(Customer)

    assert found.owner_id == admin.user_id
    assert found.email_key == folded("a@b.example")
    assert found.external_key == "X1"
    assert found.search_key == "ecole\na@b.example x1"
    assert (found.import_id, found.version) == (latest(admin), 1)


@pytest.mark.slow
def test_contacts_come_in_at_their_customers(admin: Actor) -> None:
    one = make.customer(name="Acme", external_id="K1")
    other = make.customer(name="Globex")

    report = brought(
        admin,
        "first_name,last_name,email,customer\n"
        "Ann,Lee,ann@x.example,K1\n"
        "Bo,Ray,bo@x.example,globex\n"
        "Cy,Orr,cy@x.example,Nobody\n",
        "contacts",
    )

    assert rows_of(Contact, "last_name", "customer_id") == [
        ("Lee", one.id), ("Ray", other.id), ("Orr", None),
    ]  # fmt: skip
    assert report.counts.partly == 1
    words = "0 customers are called “Nobody”; none is linked."
    assert told(admin, latest(admin)) == [(3, "customer", words)]


@pytest.mark.slow
def test_products_come_in(admin: Actor) -> None:
    brought(admin, 'sku,name,price,active\nA,Cup,"1,234.50",no\nB,Pot,,\n', "products")

    assert rows_of(Product, "sku", "name", "price", "active") == [
        ("A", "Cup", Decimal("1234.50"), False),
        ("B", "Pot", None, True),
    ]


@pytest.mark.slow
def test_a_product_without_a_name_is_called_by_its_sku(admin: Actor) -> None:
    brought(admin, "product,series\nGTX Pro,GTX\n", "products")

    assert rows_of(Product, "sku", "name", "category") == [
        ("GTX Pro", "GTX Pro", "GTX")
    ]


@pytest.mark.slow
def test_a_company_stands_below_one_of_the_same_file(admin: Actor) -> None:
    there = make.customer(name="There")

    report = brought(
        admin,
        "name,subsidiary_of\nBelow,Above\nAbove,There\nLost,Nowhere\nSelf,self\n"
        "One,Other\nOther,One\n",
        "customers",
    )

    ids = dict(rows_of(Customer, "name", "id"))
    assert {n: p for n, p in rows_of(Customer, "name", "parent_id") if p} == {
        "Below": ids["Above"], "Above": there.id, "One": ids["Other"],
    }  # fmt: skip
    own = "A company cannot be its own parent."
    assert told(admin, latest(admin)) == [
        (3, "subsidiary_of", "0 customers are called “Nowhere”; none is linked."),
        (4, "subsidiary_of", own),
        (6, "subsidiary_of", own),
    ]
    assert report.counts.created == 6


@pytest.mark.slow
def test_a_price_in_another_currency_is_left_out_and_told(admin: Actor) -> None:
    brought(admin, "sku,name,price,currency\nA,Cup,5,USD\nB,Pot,6,EUR\n", "products")

    assert rows_of(Product, "price") == [(None,), (Decimal(6),)]
    words = "The price is in USD, the books are in EUR; it is left out."
    assert told(admin, latest(admin)) == [(1, "currency", words)]


@pytest.mark.slow
def test_a_price_below_zero_fails_its_row(admin: Actor) -> None:
    report = brought(admin, "sku,name,price\nA,Cup,-5\n", "products")

    assert report.counts.failed == 1
    assert told(admin, latest(admin)) == [(1, "price", "A price is not negative.")]


@pytest.mark.slow
def test_rows_change_what_is_there(admin: Actor) -> None:
    make.customer(name="Acme", external_id="K1", city="Bonn", phone="+4930123456")

    report = brought(
        admin, "external_id,name,city,phone\nK1,Acme,Köln,\nK2,New,,\n", "customers"
    )

    assert (report.counts.updated, report.counts.created) == (1, 1)
    assert rows_of(Customer, "city", "phone") == [
        ("Köln", "+4930123456"),  # a blank cell takes nothing away
        (None, None),
    ]


@pytest.mark.slow
def test_a_change_is_in_the_log_with_what_was_there(admin: Actor) -> None:
    there = make.customer(name="Acme", external_id="K1", city="Bonn")

    brought(admin, "external_id,name,city\nK1,Acme,Köln\n", "customers")

    changes = rows_of(Change, "entity", "record_id", "deed", "before", "after")
    wanted = ("customer", there.id, Deed.UPDATE, {"city": "Bonn"}, {"city": "Köln"})
    assert wanted in changes


@pytest.mark.slow
def test_rows_that_say_nothing_new_are_unchanged(admin: Actor) -> None:
    there = make.customer(name="Acme", external_id="K1", email="a@b.example")

    report = brought(
        admin, "external_id,name,email\nK1,Acme,A@B.EXAMPLE\n", "customers"
    )

    assert (report.counts.unchanged, report.counts.skipped) == (1, 1)
    assert only(Customer).version == there.version
    assert told(admin, latest(admin)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "city", "street"),
    [
        (Policy.OVERWRITE, "Köln", "Markt 1"),
        (Policy.FILL, "Bonn", "Markt 1"),
    ],
)
def test_a_policy_says_what_wins(
    admin: Actor, policy: Policy, city: str, street: str
) -> None:
    make.customer(name="Acme", external_id="K1", city="Bonn")

    brought(
        admin,
        "external_id,name,city,street\nK1,Acme,Köln,Markt 1\n",
        "customers",
        policies={"city": policy, "street": policy},
    )

    assert rows_of(Customer, "city", "street") == [(city, street)]


@pytest.mark.slow
def test_what_was_changed_later_is_kept(admin: Actor) -> None:
    make.customer(name="Old", external_id="K1", city="Bonn")
    make.customer(name="New", external_id="K2", city="Bonn")

    brought(
        admin,
        "external_id,name,city,changed_at\n"
        "K1,Old,Köln,2001-01-01\nK2,New,Köln,2190-01-01\n",
        "customers",
        policies={"city": Policy.NEWER},
    )

    assert rows_of(Customer, "city") == [("Bonn",), ("Köln",)]


@pytest.mark.slow
def test_only_new_ones_are_made_where_that_is_chosen(admin: Actor) -> None:
    make.product(sku="A", name="Cup")

    report = brought(admin, "sku,name\nA,Mug\nB,Pot\n", "products", mode=Mode.CREATE)

    assert (report.counts.created, report.counts.duplicate) == (1, 1)
    assert rows_of(Product, "name") == [("Cup",), ("Pot",)]
    assert told(admin, latest(admin)) == [(1, None, "Product Cup is there already.")]


@pytest.mark.slow
def test_none_are_made_where_that_is_chosen(admin: Actor) -> None:
    make.product(sku="A", name="Cup")

    report = brought(
        admin,
        "sku,price\nA,5\nB,6\n",
        "products",
        mapping={"sku": "sku", "price": "price"},
        mode=Mode.UPDATE,
    )

    assert (report.counts.updated, report.counts.skipped) == (1, 1)
    assert rows_of(Product, "sku", "price") == [("A", Decimal(5))]
    assert told(admin, latest(admin)) == [
        (2, None, "There is no such record to change.")
    ]


@pytest.mark.slow
def test_where_the_match_key_is_blank_the_next_one_finds(admin: Actor) -> None:
    make.customer(name="By mail", email="a@b.example")
    make.customer(name="By  Náme")

    report = brought(
        admin,
        "external_id,email,name,city\n,a@b.example,Mail,Bonn\n,,by name,Ulm\n",
        "customers",
    )

    assert report.counts.updated == 2
    assert rows_of(Customer, "name", "city") == [("Mail", "Bonn"), ("by name", "Ulm")]


@pytest.mark.slow
def test_a_contact_without_an_address_is_found_by_name_and_customer(
    admin: Actor,
) -> None:
    acme, globex = make.customer(name="Acme"), make.customer(name="Globex")
    make.contact(acme, first_name="Ann", last_name="Lee")
    make.contact(globex, first_name="Ann", last_name="Lee")

    brought(
        admin,
        "first_name,last_name,customer,role\nann,lee,Globex,Boss\n",
        "contacts",
        match_key="last_name",
    )

    assert rows_of(Contact, "customer_id", "role") == [
        (acme.id, None), (globex.id, "Boss"),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_name_that_fits_several_fails_the_row(admin: Actor) -> None:
    make.customer(name="Acme")
    make.customer(name="ACME")

    report = brought(admin, "name,city\nacme,Bonn\n", "customers")

    assert report.counts.failed == 1
    words = "2 records fit; say which by another match column."
    assert told(admin, latest(admin)) == [(1, None, words)]


@pytest.mark.slow
def test_the_same_record_twice_in_a_file_goes_in_once(admin: Actor) -> None:
    report = brought(
        admin,
        "external_id,email,name\n"
        "K1,a@b.example,One\n"
        "K1,c@d.example,Two\n"
        "K2,A@b.example,Three\n",
        "customers",
    )

    assert (report.counts.created, report.counts.duplicate) == (1, 2)
    assert told(admin, latest(admin)) == [
        (2, None, "The same record as in row 1."),
        (3, "email", "The same E-mail as in row 1."),
    ]


@pytest.mark.slow
def test_a_row_that_fails_makes_no_later_one_a_duplicate(admin: Actor) -> None:
    report = brought(admin, f"external_id,name\nK1,{'x' * 201}\nK1,Good\n", "customers")

    assert (report.counts.created, report.counts.failed) == (1, 1)
    assert rows_of(Customer, "name") == [("Good",)]


@pytest.mark.slow
def test_an_address_of_somebody_else_fails_the_row(admin: Actor) -> None:
    make.customer(name="Acme", email="a@b.example", external_id="K1")
    make.customer(name="Initech", email="c@d.example")
    make.customer(name="Globex", external_id="K2")

    report = brought(
        admin,
        "external_id,name,email\nK3,New,a@b.example\nK2,Globex,C@d.example\n",
        "customers",
    )

    assert report.counts.failed == 2
    words = "“{}” belongs to another record."
    assert told(admin, latest(admin)) == [
        (1, "email", words.format("a@b.example")),
        (2, "email", words.format("c@d.example")),
    ]


@pytest.mark.slow
def test_what_is_required_is_required_of_new_ones(admin: Actor) -> None:
    make.customer(name="Acme", external_id="K1")

    report = brought(admin, "external_id,name,city\nK1,,Bonn\nK2,,Ulm\n", "customers")

    assert (report.counts.updated, report.counts.failed) == (1, 1)
    assert told(admin, latest(admin)) == [
        (2, "name", "Nothing here, but it is required.")
    ]


@pytest.mark.slow
def test_a_bad_cell_that_can_be_missed_is_left_out_and_told(admin: Actor) -> None:
    report = brought(admin, "name,country\nAcme,Atlantis\n", "customers")

    assert (report.counts.created, report.counts.partly) == (1, 1)
    assert rows_of(Customer, "country") == [(None,)]
    assert told(admin, latest(admin)) == [
        (1, "country", "“Atlantis” is not a country.")
    ]


@pytest.mark.slow
def test_texts_that_grow_when_folded_are_no_trap(admin: Actor) -> None:
    long = "ﷺ" * 200  # 18 letters each, once taken apart
    content = f"name,email\n{long},\nA,{'ﷺ' * 20}@x.example\n"

    first = brought(admin, content, "customers", match_key="name")
    again = brought(admin, content, "customers", match_key="name")

    assert (first.counts.created, first.counts.failed) == (1, 1)
    assert (again.counts.unchanged, again.counts.failed) == (1, 1)


@pytest.mark.slow
def test_tags_are_put_on_new_and_known_ones(admin: Actor) -> None:
    there = make.customer(name="Acme")
    with db.transaction(admin) as session:
        tags.put(session, "customer", [there.id], ["vip"])

    report = brought(admin, "name,tags\nAcme,vip; big\nNew,vip\n", "customers")

    new = only(Customer, name="New")
    with db.reading(admin) as session:
        found = tags.tags_of(session, "customer", [there.id, new.id])
    assert [tag.name for tag in found[there.id]] == ["big", "vip"]
    assert [tag.name for tag in found[new.id]] == ["vip"]
    assert (report.counts.updated, report.counts.created) == (1, 1)


@pytest.mark.slow
def test_custom_fields_are_filled(admin: Actor) -> None:
    there = make.customer(name="Acme")
    with db.transaction(admin) as session:
        for label, kind in (
            ("Fleet", CustomKind.NUMBER),
            ("Since", CustomKind.DATE),
            ("Paid", CustomKind.YES_NO),
        ):
            custom_fields.add(session, "customer", label, kind)
        custom_fields.add(
            session, "customer", "Colours", CustomKind.CHOICES, choices=["red", "blue"]
        )
        custom_fields.store(session, "customer", there.id, {"x_fleet": 3})

    content = (
        "name,Fleet,Since,Paid,Colours\n"
        "Acme,3,2026-02-01,yes,red\n"
        "New,4.5,2026-02-02,no,Blue; red\n"
    )
    first = brought(admin, content, "customers")
    again = brought(admin, content, "customers")

    new = only(Customer, name="New")
    with db.reading(admin) as session:
        held = [
            custom_fields.values(session, "customer", one.id) for one in (there, new)
        ]
    assert held == [
        {"x_fleet": 3, "x_since": date(2026, 2, 1), "x_paid": True,
         "x_colours": ["red"]},
        {"x_fleet": Decimal("4.5"), "x_since": date(2026, 2, 2), "x_paid": False,
         "x_colours": ["blue", "red"]},
    ]  # fmt: skip
    assert (first.counts.updated, first.counts.created) == (1, 1)
    assert again.counts.unchanged == 2


@pytest.mark.slow
def test_many_batches_are_as_good_as_one(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.services.imports.batches.SIZE_OF_RECORDS", 2)
    content = "sku,name\n" + "".join(f"S{n % 4},Name {n}\n" for n in range(7))

    report = brought(admin, content, "products")

    assert (report.counts.created, report.counts.duplicate) == (4, 3)
    assert rows_of(Product, "sku") == [("S0",), ("S1",), ("S2",), ("S3",)]


@pytest.mark.slow
def test_bringing_the_same_file_in_again_changes_nothing(admin: Actor) -> None:
    rows = ("K1,One,a@b.example,x", ",Two,c@d.example,", ",Three,,")
    content = "\n".join(["external_id,name,email,tags", *rows, ""])
    brought(admin, content, "customers")
    before = rows_of(Customer, "id", "version")

    report = brought(admin, content, "customers")

    assert (report.counts.unchanged, report.counts.created) == (3, 0)
    assert rows_of(Customer, "id", "version") == before


@pytest.mark.slow
def test_times_of_the_file_are_those_of_its_zone(admin: Actor) -> None:
    make.customer(name="Acme", external_id="K1")
    there = only(Customer)
    later = there.updated_at.astimezone(UTC)

    import_id = begun(
        admin,
        "external_id,name,city,changed_at\n"
        f"K1,Acme,Köln,{datetime(later.year + 1, 1, 1):%Y-%m-%d}\n",  # noqa: DTZ001
        "customers",
        policies={"city": Policy.NEWER},
        zone="Asia/Shanghai",
    )

    assert ran(admin, import_id).counts.updated == 1
