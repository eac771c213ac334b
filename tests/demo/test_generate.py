"""The tables of the demo company hang together, and look like a real company."""

from datetime import timedelta

import pandas as pd
import pytest

from crm.demo import SCHEMAS, DemoCompany, generate
from tests.demo.conftest import TODAY

FICTION = (  # ranges kept free by regulators; ES and CN: no subscriber has these
    "+49 30 23125", "+49 40 66969", "+49 89 99998", "+49 221 4710", "+49 69 90009",
    "+44 20 7946 0", "+44 113 496 0", "+44 117 496 0", "+44 161 496 0",
    "+44 121 496 0", "+44 131 496 0", "+44 29 2018 0", "+33 1 99 00", "+33 4 65 71",
    "+33 3 53 01", "+33 2 61 91", "+33 5 36 49", "+353 20 91", "+1 212-555-01",
    "+1 312-555-01", "+1 617-555-01", "+1 512-555-01", "+1 206-555-01",
    "+1 303-555-01", "+1 503-555-01", "+34 49", "+86 21 0", "+86 10 0", "+86 755 0",
    "+86 571 0", "+86 28 0",
)  # fmt: skip


def fingerprint(company: DemoCompany) -> dict[str, int]:
    tables = {name: getattr(company, name) for name in SCHEMAS}
    return {
        name: int(pd.util.hash_pandas_object(table).sum())
        for name, table in (tables | vars(company.truths)).items()
    }


@pytest.mark.slow
def test_the_same_arguments_give_the_same_company(company: DemoCompany) -> None:
    assert fingerprint(generate(today=TODAY)) == fingerprint(company)


@pytest.mark.slow
def test_another_seed_gives_another_company(company: DemoCompany) -> None:
    other = generate(today=TODAY, seed=8)

    assert fingerprint(other)["orders"] != fingerprint(company)["orders"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_columns_and_types_are_as_promised(company: DemoCompany, name: str) -> None:
    table = getattr(company, name)

    assert table.dtypes.astype(str).to_dict() == SCHEMAS[name]


def test_it_has_the_size_asked_for(company: DemoCompany) -> None:
    sales = (company.orders["kind"] == "sale").sum()

    assert len(company.customers) == 2_000
    assert sales == pytest.approx(30_000, rel=0.04)
    assert len(company.activities) == 6_000


@pytest.mark.slow
def test_it_can_be_ten_times_as_large() -> None:
    large = generate(20_000, 2, 60_000, today=TODAY, activities=500)

    assert len(large.customers) == 20_000
    assert len(large.orders) == pytest.approx(60_000, rel=0.15)
    assert len(large.activities) == 500


@pytest.mark.slow
def test_too_few_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="orders or more"):
        generate(1_000, orders=100, today=TODAY)


def test_orders_end_the_day_before_today(company: DemoCompany) -> None:
    days = company.orders["ordered_at"].dt.date

    assert days.max() < TODAY
    assert days.max() >= TODAY - timedelta(days=3)  # a Monday: the weekend is quiet
    assert days.min() >= TODAY - timedelta(days=3 * 366)


def test_nobody_orders_before_being_on_record(company: DemoCompany) -> None:
    known = company.customers.set_index("external_id")["created_on"]
    ordered = company.orders["ordered_at"].dt.tz_localize(None)

    assert (ordered >= known[company.orders["customer_external_id"]].array).all()
    assert company.customers["created_on"].max().date() < TODAY


def test_orders_come_in_business_hours(company: DemoCompany) -> None:
    assert company.orders["ordered_at"].dt.hour.between(8, 17).all()


def test_companies_order_on_weekdays(company: DemoCompany) -> None:
    kind = company.customers.set_index("external_id")["kind"]
    orders = company.orders[company.orders["kind"] == "sale"]
    theirs = (kind[orders["customer_external_id"]] == "company").array
    weekend = orders["ordered_at"].dt.day_of_week >= 5

    assert not weekend[theirs].any()
    assert weekend[~theirs].mean() == pytest.approx(1.7 / 7, abs=0.02)


@pytest.mark.parametrize(
    ("table", "column", "other", "key"),
    [
        ("customers", "parent_external_id", "customers", "external_id"),
        ("customers", "owner", "users", "email"),
        ("contacts", "customer_external_id", "customers", "external_id"),
        ("orders", "customer_external_id", "customers", "external_id"),
        ("orders", "returns_number", "orders", "number"),
        ("order_lines", "order_number", "orders", "number"),
        ("order_lines", "sku", "products", "sku"),
        ("activities", "customer_external_id", "customers", "external_id"),
        ("activities", "owner", "users", "email"),
        ("users", "team", "teams", "name"),
    ],
)
def test_what_is_named_exists(
    company: DemoCompany, table: str, column: str, other: str, key: str
) -> None:
    named = set(getattr(company, table)[column]) - {""}

    assert named
    assert named <= set(getattr(company, other)[key])


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("customers", "external_id"),
        ("customers", "email"),
        ("contacts", "external_id"),
        ("orders", "number"),
        ("products", "sku"),
        ("products", "name"),
        ("users", "email"),
    ],
)
def test_keys_occur_once(company: DemoCompany, table: str, key: str) -> None:
    values = getattr(company, table)[key]

    assert values[values != ""].is_unique


def test_every_order_has_lines(company: DemoCompany) -> None:
    assert set(company.order_lines["order_number"]) == set(company.orders["number"])


def test_no_order_names_a_product_twice(company: DemoCompany) -> None:
    assert not company.order_lines.duplicated(["order_number", "sku"]).any()


def test_a_return_takes_back_lines_of_an_earlier_sale(company: DemoCompany) -> None:
    orders = company.orders.set_index("number")
    back = orders[orders["kind"] == "return"]
    sale = orders.loc[back["returns_number"]]
    lines = company.order_lines.set_index(["order_number", "sku"])
    theirs = lines.loc[list(back.index)].reset_index()
    number = back["returns_number"][theirs["order_number"]]
    sold = lines.loc[list(zip(number, theirs["sku"], strict=True))]

    assert len(back) > 500
    assert (sale["kind"] == "sale").all()
    assert (sale["status"] == "confirmed").all()
    assert (sale["customer_external_id"].array == back["customer_external_id"]).all()
    assert (sale["ordered_at"].array < back["ordered_at"]).all()
    assert (theirs["quantity"].array == -sold["quantity"]).all()
    assert (theirs["unit_price"].array == sold["unit_price"]).all()


def test_prices_are_whole_cents(company: DemoCompany) -> None:
    assert (company.order_lines["unit_price"] % 100 == 0).all()
    assert (company.order_lines["unit_price"] > 0).all()


def test_a_tenth_of_the_range_lies_in_each_category(company: DemoCompany) -> None:
    assert company.products["category"].value_counts().tolist() == [12] * 10


@pytest.mark.parametrize("table", ["customers", "contacts", "users"])
def test_mail_goes_to_domains_for_examples(company: DemoCompany, table: str) -> None:
    emails = getattr(company, table)["email"]
    form = r"[a-z0-9._-]+@([a-z0-9-]+\.)*example\.(com|net|org)"

    assert emails[emails != ""].str.fullmatch(form).all()


@pytest.mark.parametrize("table", ["customers", "contacts"])
def test_nobody_answers_these_telephones(company: DemoCompany, table: str) -> None:
    phones = getattr(company, table)["phone"]
    digits = phones[phones != ""].str.replace(r"^00|\D", "", regex=True)
    free = tuple("".join(filter(str.isdigit, start)) for start in FICTION)

    assert digits.str.startswith(free).all()


def test_a_work_day_is_alive(company: DemoCompany) -> None:
    still_open = company.activities[company.activities["done_at"].isna()]
    due = still_open["due_at"].dt.date

    assert (due < TODAY).sum() >= 20
    assert (due == TODAY).sum() >= 20
    assert (due > TODAY).sum() >= 100
    assert still_open["owner"].nunique() >= 7


def test_what_is_done_was_done_before_today(company: DemoCompany) -> None:
    done = company.activities["done_at"].dropna()

    assert done.dt.date.max() < TODAY
    assert company.activities["created_at"].dt.date.max() < TODAY


def test_notes_and_mails_are_never_due(company: DemoCompany) -> None:
    due = company.activities.groupby("kind")["due_at"].count()

    assert due[["note", "mail"]].tolist() == [0, 0]
    assert due[["call", "meeting", "task"]].min() > 100


def test_names_come_from_five_languages(company: DemoCompany) -> None:
    assert set(company.contacts["language"]) == {"en", "de", "fr", "es", "zh"}
    assert set(company.customers["country"]) == {
        "DE", "GB", "FR", "ES", "US", "CN", "IE",
    }  # fmt: skip


def test_hardly_any_customers_are_namesakes(company: DemoCompany) -> None:
    second = company.truths.duplicates["customer_external_id"]
    first = company.customers[~company.customers["external_id"].isin(second)]

    assert first["name"].duplicated().sum() <= 3
