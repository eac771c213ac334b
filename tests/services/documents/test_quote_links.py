"""Addresses of quotes that only we can make."""

import pytest

from crm import db
from crm.config import secret_key
from crm.errors import NotFound
from crm.models import SYSTEM, Actor, Quote, QuoteStatus
from crm.services.documents import quote_links
from tests import make


def quote(**details: object) -> Quote:
    defaults = {
        "number": f"Q-{next(make.numbers)}",
        "customer_id": make.customer().id,
        "currency": "EUR",
        "issued_on": make.NOON.date(),
        "status": QuoteStatus.SENT,
    }
    made: Quote = make.saved(Quote(**defaults | details, lines=[]))
    return made


def read(token: str, actor: Actor = SYSTEM) -> int:
    with db.reading(actor) as session:
        return quote_links.read(session, token).id


def test_a_token_leads_to_its_quote(database: str) -> None:
    quotes = [quote(), quote()]

    assert [read(quote_links.token(one)) for one in quotes] == [q.id for q in quotes]


def test_the_address_is_below_that_of_the_app(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_BASE_URL", "https://crm.example/")
    db.forget()
    made = quote()

    assert (
        quote_links.url(made) == f"https://crm.example/offer/{quote_links.token(made)}"
    )


def test_a_tampered_token_leads_nowhere(database: str) -> None:
    one, other = quote(), quote()
    seal = quote_links.token(one).partition("-")[2]
    for token in (
        f"{other.id}-{seal}",
        f"{one.id}-{seal[:-1]}",
        f"{one.id}-{seal}0",
        f"{one.id}-",
        f"{one.id}",
        f"{one.id}-{seal[:-1]}é",
        f"²-{seal}",
        f"{'9' * 30}-{seal}",
        f"-{one.id}-{seal}",
        "",
    ):
        with pytest.raises(NotFound):
            read(token)


def test_another_key_makes_another_token(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = quote()
    token = quote_links.token(made)
    monkeypatch.setenv("CRM_SECRET_KEY", "another key for tests")
    secret_key.cache_clear()

    with pytest.raises(NotFound):
        read(token)


@pytest.mark.parametrize(
    "details", [{"deleted_at": make.NOON}, {"status": QuoteStatus.DRAFT}]
)
def test_what_is_in_the_bin_or_was_never_sent_is_not_there(
    database: str, details: dict[str, object]
) -> None:
    made = quote(**details)

    with pytest.raises(NotFound):
        read(quote_links.token(made))
