"""Fields are called in messages as they are on the screen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crm import db, i18n
from crm.errors import Forbidden, Invalid
from crm.models import Actor, Customer, Opportunity, OpportunityFields
from crm.services import field_labels, records
from crm.services.fields import ENTITIES


@pytest.fixture
def chinese() -> Iterator[None]:
    with i18n.language("zh_CN"):
        yield


@pytest.mark.parametrize(
    ("path", "of", "words"),
    [
        ("close_on", None, "Expected close"),
        ("state", Opportunity, "Outcome"),
        ("state", "invoice", "Status"),
        ("products", Customer, "Products bought"),
        ("unit_price", None, "Unit price"),
        ("lines.0.quantity", None, "Quantity (no. 1)"),
        ("goods_back", None, "Goods back"),
        ("Überschrift", None, "Überschrift"),
        ("7", None, "7"),
    ],
)
def test_a_field_has_its_word(path: str, of: type | None, words: str) -> None:
    assert field_labels.place(path, of=of) == words


def test_a_fault_names_the_field_of_the_form() -> None:
    with pytest.raises(Invalid) as told:
        records.valid(OpportunityFields, {"customer_id": 1, "name": "x", "amount": -1})

    assert (str(told.value), told.value.field) == ("“Amount” does not fit.", "amount")


def test_it_is_named_in_the_language_of_the_user(chinese: None) -> None:
    assert field_labels.label("customer_id") == "客户"


def test_a_short_text_is_named_too() -> None:
    with pytest.raises(Invalid, match="“Remark” is too long"):
        records.text("x" * 9, longest=8, missing="", field="note")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "“E-mail” is hidden"), ("zh_CN", "“邮箱”对您隐藏")]
)
def test_a_refused_field_is_named_by_the_database_too(
    alice: Actor, language: str, words: str
) -> None:
    blind = replace(alice, hidden=frozenset({"customer.email"}))
    new = Customer(name="New", email="n@x.example")

    with (
        i18n.language(language),
        pytest.raises(Forbidden, match=words),
        db.transaction(blind) as session,
    ):
        session.add(new)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_two_fields_of_a_record_are_called_the_same(language: str) -> None:
    """Else a file with both cannot be brought in again."""
    with i18n.language(language):
        called = {
            name: [i18n._(field.label) for field in entity.fields]
            for name, entity in ENTITIES.items()
        }

    twice = [
        (name, label)
        for name, labels in called.items()
        for label in labels
        if labels.count(label) > 1
    ]
    assert twice == []
