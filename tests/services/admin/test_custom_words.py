"""What is chosen in custom fields beside the rows of an analysis."""

import pandas as pd

from crm import db
from crm.models import Actor, CustomKind
from crm.services.admin import custom_fields, custom_words
from crm.services.admin.custom_words import Words
from tests import make


def read(actor: Actor, table: pd.DataFrame) -> Words:
    with db.reading(actor) as session:
        return custom_words.with_words(session, table, "customer", "subscription")


def test_choices_and_truths_of_both_stand_beside_the_rows(admin: Actor) -> None:
    first, second = make.customer(), make.customer()
    ids = [make.subscription(one).id for one in (first, second)]
    with db.transaction(admin) as session:
        custom_fields.add(
            session, "customer", "Size", CustomKind.CHOICE, choices=["big", "small"]
        )
        custom_fields.add(session, "customer", "Nickname", CustomKind.TEXT)
        custom_fields.add(session, "subscription", "On site", CustomKind.YES_NO)
        custom_fields.store(session, "customer", first.id, {"x_size": "big"})
        custom_fields.store(session, "subscription", ids[0], {"x_on_site": "no"})
        custom_fields.store(session, "subscription", ids[1], {"x_on_site": "yes"})

    table = pd.DataFrame(
        {"customer_id": [second.id, first.id], "subscription_id": ids[::-1]}
    )
    found = read(admin, table)

    assert found.labels == {
        "customer.x_size": "Size",
        "subscription.x_on_site": "On site",
    }
    assert found.truths == ["subscription.x_on_site"]
    assert found.table["customer.x_size"].tolist() == ["", "big"]
    assert found.table["subscription.x_on_site"].tolist() == ["yes", "no"]


def test_without_such_fields_the_table_is_as_it_was(admin: Actor) -> None:
    table = pd.DataFrame({"customer_id": [1], "subscription_id": [1]})

    assert read(admin, table) == Words(table)
