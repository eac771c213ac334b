"""The public page of a quote: read and answered without sign-in, once."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient

from crm import db
from crm.models import SYSTEM, Actor, Operation, Quote, QuoteFields, utcnow
from crm.services import records
from crm.services.admin import throttle
from crm.services.documents import quote_links, quotes
from crm.web import public
from crm.web.limits import Budget
from tests import make
from tests.security.house import ELSEWHERE, visitor
from tests.state import fingerprint

HARM = "<script>alert(1)</script>"
Make = Callable[..., Quote]


@pytest.fixture
def quote(admin: Actor) -> Make:
    """Makes a quote and sends it: two of something for 1,234.50 each, 19 % tax."""

    def made(*, sent: bool = True, days: int = 30, **details: Any) -> Quote:
        line = {
            "product_id": make.product(name=f"Chair {HARM}").id,
            "quantity": 2,
            "unit_price": "1234.50",
            "tax_rate": "0.19",
        }
        customer = make.customer(admin, name=f"Mills {HARM}", notes="a secret of ours")
        at, day = utcnow(), utcnow().date()
        defaults = {
            "customer_id": customer.id,
            "lines": [line],
            "terms": f"Terms {HARM}",
            "issued_on": day - timedelta(days=40),
            "valid_until": day + timedelta(days=days),
        }
        form = records.valid(QuoteFields, defaults | details)
        with db.transaction(admin) as session:
            row = quotes.create(session, form)
            if sent:
                quotes.mark_sent(session, row.id, at=at - timedelta(days=39))
            return row

    return made


def at(quote: Quote) -> str:
    return f"/offer/{quote_links.token(quote)}"


def send(
    client: TestClient, path: str, answer: str = "accept", **typed: str
) -> Response:
    """Fill in the form of the page and send it."""
    found = re.search(r'name=csrf value="([^"]+)"', client.get(path).text)
    csrf = found[1] if found else "none"
    given = {"name": "Lin Wang", "agree": "1", "answer": answer, "csrf": csrf}
    return client.post(path, data=given | typed)


def now(quote: Quote) -> Quote:
    with db.reading(SYSTEM) as session:
        return db.get(session, Quote, quote.id)


def test_a_stranger_with_the_address_sees_the_quote_and_nothing_else(
    quote: Make,
) -> None:
    made = quote()

    answer = visitor().get(at(made))

    assert answer.status_code == 200
    for word in (made.number, "€2,469.00", "€469.11", "€2,938.11", "Download as PDF"):
        assert word in answer.text
    assert "a secret of ours" not in answer.text
    assert "Ada" not in answer.text


def test_what_users_typed_is_text(quote: Make) -> None:
    """C3."""
    made = quote()

    page = visitor().get(at(made)).text

    assert page.count("&lt;script&gt;") >= 3
    assert "<script" not in page


def test_it_speaks_the_language_of_the_quote(quote: Make) -> None:
    page = visitor().get(at(quote(language="zh_CN"))).text

    assert "<html lang=zh>" in page
    assert "数量" in page


def test_its_address_is_told_to_nobody(quote: Make) -> None:
    made = quote()
    for path in (at(made), f"{at(made)}/pdf", "/offer/1-x"):
        headers = visitor().get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["referrer-policy"] == "same-origin"


def test_the_file_is_the_quote_on_paper(quote: Make) -> None:
    made = quote()

    answer = visitor().get(f"{at(made)}/pdf")

    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-type"] == "application/pdf"
    assert (
        f"filename*=UTF-8''{made.number}-v1.pdf"
        in (answer.headers["content-disposition"])
    )


def test_a_file_is_not_made_as_often_as_somebody_likes(
    quote: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "PRINTS", Budget(burst=1, per_second=1e-3))
    monkeypatch.setattr(public.papers, "pdf", lambda _paper: b"%PDF")
    path = f"{at(quote())}/pdf"

    codes = [visitor().get(path).status_code for _time in range(2)]

    assert codes == [200, 429]


@pytest.mark.slow
def test_it_is_accepted_once_and_the_log_says_by_whom(quote: Make) -> None:
    made, client = quote(), visitor()

    first = send(client, at(made))
    page = client.get(at(made)).text
    second = send(client, at(made), name="Eve")
    third = send(client, at(made), "decline", name="Eve")

    assert [one.status_code for one in (first, second, third)] == [303] * 3
    assert first.headers["location"] == at(made)
    assert (now(made).status, now(made).answered_by) == ("accepted", "Lin Wang")
    assert "Lin Wang accepted this quote on" in page
    assert "<form" not in page
    with db.reading(SYSTEM) as session:
        latest = select(Operation).order_by(col(Operation.id).desc())
        operation = session.scalars(latest).first()
    assert operation is not None
    assert (operation.actor_name, operation.actor_kind, operation.actor_id) == (
        "Lin Wang",
        "customer",
        None,
    )
    assert ELSEWHERE in (operation.note or "")


@pytest.mark.slow
def test_clicks_at_the_same_moment_count_as_one(quote: Make) -> None:
    made = quote()
    browsers = [visitor() for _number in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: send(one, at(made)), browsers))

    assert {one.status_code for one in answers} == {303}
    with db.reading(SYSTEM) as session:
        kinds = list(session.scalars(select(col(Operation.actor_kind))))
    assert kinds.count("customer") == 1


def test_it_is_declined_with_a_reason(quote: Make) -> None:
    made, client = quote(), visitor()

    send(client, at(made), "decline", note="Too dear\r\nfor us")

    assert (now(made).status, now(made).answer_note) == ("declined", "Too dear\nfor us")
    assert "Lin Wang declined this quote on" in client.get(at(made)).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"agree": ""}, "does not fit|Tick the box"),
        ({"agree": "0"}, "Tick the box"),
        ({"name": " "}, "is missing"),
        ({"name": "x" * 201}, "is too long"),
        ({"answer": "delete"}, "does not fit"),
        ({"status": "accepted"}, "There is no field"),
        ({"csrf": "forged"}, "This form has expired"),
    ],
)
def test_what_does_not_fit_is_told_and_changes_nothing(
    quote: Make, typed: dict[str, str], words: str
) -> None:
    made, client = quote(), visitor()
    before = fingerprint()

    send(client, at(made), **typed)

    assert fingerprint() == before
    told = re.search(r"role=alert>([^<]+)<", client.get(at(made)).text)
    assert told is not None
    assert re.search(words, told[1])


def test_a_form_of_another_site_changes_nothing(quote: Make) -> None:
    """A page elsewhere that sends the form for somebody who has it open."""
    made, client = quote(), visitor()
    client.get(at(made))

    client.post(at(made), data={"name": "Eve", "agree": "1", "answer": "accept"})

    assert now(made).status == "sent"


@pytest.mark.slow
def test_looking_changes_nothing_whatever_the_method(quote: Make) -> None:
    """Programs that look at links in mails do not accept quotes."""
    made, client = quote(), visitor()
    before = fingerprint()

    paths = (at(made), f"{at(made)}?answer=accept&name=Eve&agree=1")
    codes = [client.request(m, p).status_code for p in paths for m in ("GET", "HEAD")]
    others = {
        client.request(m, at(made)).status_code
        for m in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
    }

    assert codes == [200] * 4
    assert others == {405}
    assert client.post(f"{at(made)}/pdf").status_code == 405
    assert fingerprint() == before


def test_a_lapsed_quote_is_told_of_and_cannot_be_accepted(quote: Make) -> None:
    made, client = quote(days=-1), visitor()

    page = client.get(at(made)).text
    send(client, at(made))

    assert "This quote was valid until" in page
    assert "<form" not in page
    assert now(made).status == "sent"


def test_a_replaced_quote_is_told_of_and_cannot_be_accepted(
    quote: Make, admin: Actor
) -> None:
    made, client = quote(), visitor()
    with db.transaction(admin) as session:
        newer = quotes.revise(session, made.id)
        quotes.mark_sent(session, newer.id, at=utcnow())

    page = client.get(at(made)).text
    send(client, at(made))

    assert "A newer version has replaced this quote" in page
    assert "<form" not in page
    assert now(made).status == "replaced"
    assert "Accept" in client.get(at(newer)).text


@pytest.mark.slow
def test_an_address_that_we_have_not_made_leads_nowhere(
    quote: Make, admin: Actor
) -> None:
    made, draft, gone = quote(), quote(sent=False), quote()
    with db.transaction(admin) as session:
        quotes.remove(session, gone.id)
    seal = quote_links.token(made).partition("-")[2]
    client = visitor()
    tokens = (
        f"{draft.id}-{seal}",
        quote_links.token(draft),
        quote_links.token(gone),
        f"{made.id}-{seal[:-1]}x",
        f"{made.id}-{seal}/x",
        "%ED%A0%80",
        "9" * 5000 + "-x",
        "",
    )

    answers = [client.get(f"/offer/{token}") for token in tokens]
    posted = client.post(f"/offer/{made.id}-x", data={"answer": "accept"})

    assert {one.status_code for one in answers} == {404}
    assert len({one.text for one in answers}) == 1
    assert posted.status_code == 404
    assert client.get(f"/offer/{made.id}-x/pdf").status_code == 404


@pytest.mark.slow
def test_who_tries_addresses_has_to_wait_and_the_customer_has_not(
    quote: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(throttle.FREE, "offer", 3)
    made, client = quote(), visitor()

    codes = [client.get(f"/offer/1-{n}").status_code for n in range(5)]

    assert codes == [404] * 3 + [429] * 2
    assert client.get(at(made)).status_code == 200
    assert visitor("198.51.100.7").get("/offer/1-x").status_code == 404
