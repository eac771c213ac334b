"""The fields of the targets fit what the tables can hold."""

import pytest

from crm.models.customers import ContactFields, CustomerFields
from crm.models.leads import LeadFields, LeadStatus, Unfit
from crm.models.opportunities import OpportunityFields
from crm.models.orders import OrderStatus, ProductFields
from crm.models.pipelines import StageKind
from crm.models.types import Amount
from crm.services.imports.numerals import SCALE
from crm.services.imports.targets import (
    CONTACTS,
    CUSTOMERS,
    LEADS,
    OPPORTUNITIES,
    ORDERS,
    PRODUCTS,
    TARGETS,
    Field,
    Kind,
    Target,
)
from crm.services.imports.values import parse
from tests.services.imports.files import cells


@pytest.mark.parametrize(
    ("target", "model"),
    [
        (CUSTOMERS, CustomerFields),
        (CONTACTS, ContactFields),
        (PRODUCTS, ProductFields),
        (LEADS, LeadFields),
        (OPPORTUNITIES, OpportunityFields),
    ],
)
def test_no_field_takes_more_text_than_its_column_holds(
    target: Target, model: type
) -> None:
    for field in target.fields:
        if stored := model.model_fields.get(field.name):
            limits = [getattr(m, "max_length", None) for m in stored.metadata]
            assert field.max_length in (*limits, None), field.name


def test_the_choices_of_a_status_are_those_of_an_order() -> None:
    assert set(ORDERS.field("status").choices) == set(OrderStatus)


def test_the_choices_of_leads_and_opportunities_are_theirs() -> None:
    assert set(LEADS.field("status").choices) == set(LeadStatus)
    assert set(LEADS.field("unfit_reason").choices) == set(Unfit)
    assert set(OPPORTUNITIES.field("state").choices) == set(StageKind)


def test_amounts_are_scaled_as_they_are_stored() -> None:
    assert SCALE == Amount.SCALE


def test_every_kind_can_be_read() -> None:
    for kind in Kind:
        parsed = parse(cells("", " "), Field("any", "Any", kind))
        assert parsed.values.null_count == 2


def test_every_target_names_fields_of_its_own_to_match_and_group_by() -> None:
    for target in TARGETS.values():
        names = {field.name for field in target.fields}
        assert names.issuperset(target.match_keys)
        assert target.group_by is None or target.group_by in names


def test_no_target_names_a_field_twice() -> None:
    for target in TARGETS.values():
        names = [field.name for field in target.fields]
        assert len(names) == len(set(names))


def test_only_text_has_a_length() -> None:
    numbers = {Kind.AMOUNT, Kind.WHOLE, Kind.PERCENT, Kind.DAY, Kind.MOMENT}

    for target in TARGETS.values():
        for field in target.fields:
            assert field.max_length is None or field.kind not in numbers


def test_the_owner_is_for_those_who_may_assign() -> None:
    restricted = [f.name for t in TARGETS.values() for f in t.fields if f.restricted]

    assert restricted == ["owner"] * 3


def test_a_field_is_found_by_name() -> None:
    field = CUSTOMERS.field("name")

    assert field.required
    with pytest.raises(KeyError):
        CUSTOMERS.field("id")
