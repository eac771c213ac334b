"""Twenty at once, against a server: one is done, and everyone is told the same.

E3. All of them have ten seconds: a lock that is held too long, or never let go, is a
client that has given up.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
import uvicorn
from sqlalchemy import func, select

from crm import db
from crm.models import Actor, Customer
from tests import make
from tests.api.conftest import As

pytestmark = pytest.mark.slow

MANY = 20
URL = "/v1/customers"
Request = Callable[[httpx2.Client, int], httpx2.Response]


@pytest.fixture
def address(alice: Actor) -> Iterator[str]:
    """The API for Alice, served by a process as it is: one loop, some threads."""
    config = uvicorn.Config(As(alice), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def together(address: str, request: Request) -> list[httpx2.Response]:
    """The answers to `request`, sent by twenty at the same moment."""
    start = threading.Barrier(MANY)

    def send(number: int) -> httpx2.Response:
        with httpx2.Client(base_url=address, timeout=10) as client:
            start.wait(10)
            return request(client, number)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(send, range(MANY)))


def codes(answers: list[httpx2.Response]) -> dict[int, int]:
    return dict(Counter(answer.status_code for answer in answers))


def customers(actor: Actor) -> int:
    with db.reading(actor) as session:
        return session.scalar(select(func.count()).select_from(Customer)) or 0


def test_one_key_makes_one_customer_and_one_answer(address: str, alice: Actor) -> None:
    key = {"idempotency-key": "k"}

    answers = together(
        address, lambda c, _n: c.post(URL, json={"name": "One"}, headers=key)
    )

    assert codes(answers) == {201: MANY}
    first = answers[0]
    assert all(one.json() == first.json() for one in answers)
    assert len({(one.headers["location"], one.headers["etag"]) for one in answers}) == 1
    assert customers(alice) == 1


def test_one_key_with_an_e_mail_makes_one_answer_too(
    address: str, alice: Actor
) -> None:
    """The e-mail collides first, and yet nobody is told of a duplicate."""
    body = {"name": "One", "email": "a@example.com"}
    key = {"idempotency-key": "k"}

    answers = together(address, lambda c, _n: c.post(URL, json=body, headers=key))

    assert codes(answers) == {201: MANY}
    assert customers(alice) == 1


def test_one_e_mail_makes_one_customer(address: str, alice: Actor) -> None:
    answers = together(
        address,
        lambda c, n: c.post(URL, json={"name": f"C{n}", "email": "a@example.com"}),
    )

    assert codes(answers) == {201: 1, 409: MANY - 1}
    assert customers(alice) == 1


def test_of_changes_to_one_version_one_is_made(address: str, alice: Actor) -> None:
    place = f"{URL}/{make.customer(alice).id}"
    match = {"if-match": '"1"'}

    answers = together(
        address, lambda c, n: c.patch(place, json={"city": f"C{n}"}, headers=match)
    )

    assert codes(answers) == {200: 1, 412: MANY - 1}
    (made,) = [answer.json() for answer in answers if answer.is_success]
    now = httpx2.get(address + place).json()
    assert (now["version"], now["city"]) == (2, made["city"])


def test_a_customer_is_deleted_once(address: str, alice: Actor) -> None:
    place = f"{URL}/{make.customer(alice).id}"
    match = {"if-match": '"1"'}

    found = codes(together(address, lambda c, _n: c.delete(place, headers=match)))

    assert found.pop(204) == 1
    assert set(found) <= {404, 412}


def test_twenty_of_different_keys_are_all_done(address: str, alice: Actor) -> None:
    answers = together(
        address,
        lambda c, n: c.post(
            URL, json={"name": f"C{n}"}, headers={"idempotency-key": f"k{n}"}
        ),
    )

    assert codes(answers) == {201: MANY}
    assert customers(alice) == MANY
