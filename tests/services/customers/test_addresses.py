"""What is an e-mail address, and what only looks like one."""

import pytest

from crm.errors import Invalid
from crm.models import Lead
from crm.services.customers import addresses


@pytest.mark.parametrize(
    "text",
    [
        "lin@example.com",
        "o'neil+offers@sub.ex-ample.co.uk",
        "info@münchen.example",
        "wang@例子.中国",
    ],
)
def test_one_address_is_taken_as_it_is(text: str) -> None:
    assert addresses.checked(f" {text} ", field="email") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lin",
        "lin@example",
        "lin@@example.com",
        "lin..wang@example.com",
        "lin@-example.com",
        "lin@example.com, eve@example.com",
        "lin@example.com;eve@example.com",
        "Lin <lin@example.com>",
        "lin@example.com\nBcc: eve@example.com",
        "lin@example.com\u2028eve@example.com",
        "lin@exam\u202eple.com",
        "lin wang@example.com",
        "林@example.com",
        f"{'a' * 250}@b.example",
    ],
)
def test_nothing_else_is_one(text: str) -> None:
    """C4: no second line, no second address."""
    with pytest.raises(Invalid, match="is not an e-mail address"):
        addresses.checked(text, field="email")


def test_a_domain_travels_in_ascii() -> None:
    assert addresses.spoken("info@münchen.example") == "info@xn--mnchen-3ya.example"


def test_somebody_may_have_an_address_that_few_servers_take() -> None:
    addresses.check(Lead(name="Lin", email="林@example.com"))

    with pytest.raises(Invalid, match="is not an e-mail address"):
        addresses.check(Lead(name="Lin", email="林@@example.com"))
