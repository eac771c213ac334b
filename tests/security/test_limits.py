"""What one client may ask for is limited, and what is too much is refused at once."""

import json
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from starlette.exceptions import HTTPException

from crm import db
from crm.errors import TooMany
from crm.models import Actor, User, utcnow
from crm.services.admin import sessions
from crm.services.admin.sessions import Visit
from crm.web import identity, limits
from crm.web.limits import Budget
from tests import make
from tests.security.house import bearer, visitor
from tests.state import fingerprint
from tests.web.conftest import post

URL = "/api/v1/customers"
LARGE = 2_100_000
AT_ONCE = 0.5  # seconds of work; some milliseconds on a machine that is not busy


@pytest.fixture
def token(alice: Actor) -> dict[str, str]:
    return bearer(alice)


def code_at_once(ask: Callable[[], httpx2.Response]) -> int:
    start = time.process_time()
    answer = ask()
    assert time.process_time() - start < AT_ONCE
    return answer.status_code


def pieces() -> Iterator[bytes]:
    """A body of which nobody has said how long it is."""
    for _ in range(LARGE // 100_000):
        yield b"x" * 100_000


@pytest.mark.parametrize("path", [URL, "/customers", "/account/login", "/healthz"])
def test_a_body_over_two_megabytes_is_refused(token: dict[str, str], path: str) -> None:
    """I4: by what its header says, before any of it is read."""
    client = visitor()

    assert client.post(path, content=b"x" * LARGE, headers=token).status_code == 413


@pytest.mark.parametrize("path", [URL, "/customers", "/account/login"])
def test_a_body_that_does_not_say_its_length_is_refused_too(
    token: dict[str, str], path: str
) -> None:
    """I4."""
    headers = token | {"content-type": "application/json"}

    assert visitor().post(path, content=pieces(), headers=headers).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "9" * 5000])
def test_a_length_that_is_none_is_refused(token: dict[str, str], length: str) -> None:
    headers = token | {"content-length": length}

    assert visitor().post(URL, content=b"{}", headers=headers).status_code == 413


def test_an_upload_is_left_to_streamlit() -> None:
    """I4: which has a limit of its own."""
    length = [(b"content-length", b"900000000")]

    limits.check_headers({"path": "/_stcore/upload_file/x", "headers": length})
    with pytest.raises(HTTPException):
        limits.check_headers({"path": "/api/v1/customers", "headers": length})


def test_a_page_has_two_hundred_rows(alice: Actor, token: dict[str, str]) -> None:
    """I4."""
    client = visitor()
    make.customer(alice)

    codes = [
        client.get(URL, params={"limit": limit}, headers=token).status_code
        for limit in (200, 201, 10**30, 0, -1)
    ]

    assert codes == [200, 422, 422, 422, 422]


def test_what_is_nested_too_deeply_is_refused(token: dict[str, str]) -> None:
    """I4: as a body and as a filter."""
    client = visitor()
    body = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    typed = token | {"content-type": "application/json"}
    filters = ["[" * 9_000, '{"rules":[' * 900 + "]}" * 900]

    def send() -> httpx2.Response:
        return client.post(URL, content=body, headers=typed)

    assert code_at_once(send) == 400
    for rule in filters:
        answer = client.get(URL, params={"filter": rule}, headers=token)
        assert answer.status_code == 422


def test_a_filter_of_too_many_conditions_is_refused(token: dict[str, str]) -> None:
    """I4."""
    rules = [{"field": "name", "op": "empty"}] * 200
    rule = json.dumps({"rules": rules}, separators=(",", ":"))

    answer = visitor().get(URL, params={"filter": rule}, headers=token)

    assert answer.status_code == 422


def test_a_thousand_fields_of_a_form_are_answered_at_once(alice: Actor) -> None:
    """I4: urlencoded and in parts."""
    client = visitor()
    fields = {f"f{n}": "x" for n in range(1000)}
    parts = [(f"f{n}", (None, "x")) for n in range(1000)]

    def encoded() -> httpx2.Response:
        return post(client, "/account/login", **fields)

    def in_parts() -> httpx2.Response:
        return client.post("/account/login", files=parts)

    assert [code_at_once(encoded), code_at_once(in_parts)] == [303, 303]


@pytest.mark.parametrize("number", [2**63, 2**64, 10**400, -1, 0])
def test_an_id_that_no_database_has_is_answered_at_once(
    alice: Actor, token: dict[str, str], number: int
) -> None:
    """I4: in an address, in a body, in a filter and as a version."""
    client, own = visitor(), make.customer(alice).id
    match = token | {"if-match": '"1"'}
    rule = json.dumps({"field": "parent_id", "op": "any", "value": [number]})
    requests: list[Callable[[], httpx2.Response]] = [
        lambda: client.get(f"{URL}/{number}", headers=token),
        lambda: client.patch(f"{URL}/{own}", json={"parent_id": number}, headers=match),
        lambda: client.post(URL, json={"name": "x", "owner_id": number}, headers=token),
        lambda: client.get(URL, params={"filter": rule}, headers=token),
        lambda: client.patch(
            f"{URL}/{own}", json={}, headers=token | {"if-match": f'"{number}"'}
        ),
    ]

    codes = [code_at_once(one) for one in requests]

    assert set(codes) <= {404, 412, 422}


@pytest.mark.parametrize("part", ["{0}-{0}", "0-", "-{0}"])
def test_a_thousand_parts_of_a_file_are_refused_at_once(part: str) -> None:
    """I4, CVE-2025-62727."""
    parts = ",".join(part.format(n) for n in range(1000))
    headers = {"range": f"bytes={parts}"}

    def ask() -> httpx2.Response:
        return visitor().get("/app/static/fonts/inter-latin.woff2", headers=headers)

    assert code_at_once(ask) == 416


def outcomes(budget: Budget, caller: str, times: list[float]) -> list[int]:
    """0 for a call that is let through, else for how many seconds to wait."""
    found = []
    for now in times:
        try:
            budget.spend(caller, now=now)
            found.append(0)
        except TooMany as error:
            found.append(error.retry_after)
    return found


def test_a_budget_is_spent_and_comes_back() -> None:
    """Three at once, then one every two seconds; what is refused costs nothing."""
    budget = Budget(burst=3, per_second=0.5)

    assert outcomes(budget, "a", [100.0] * 5) == [0, 0, 0, 2, 2]
    assert outcomes(budget, "a", [101.0, 102.0, 102.0]) == [1, 0, 2]
    assert outcomes(budget, "a", [200.0] * 4) == [0, 0, 0, 2]


def test_who_owes_nothing_is_forgotten_once_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MANY", 3)
    budget = Budget(burst=1, per_second=1)
    for second, caller in enumerate("abc"):
        budget.spend(caller, now=second)

    budget.spend("d", now=2.5)

    assert set(budget.paid_until) == {"c", "d"}
    with pytest.raises(TooMany):
        budget.spend("c", now=2.5)


def test_each_caller_has_a_budget_of_its_own() -> None:
    budget = Budget(burst=1, per_second=1)

    assert outcomes(budget, "a", [0, 0]) == [0, 1]
    assert outcomes(budget, "b", [0, 0]) == [0, 1]


@pytest.mark.slow
def test_a_token_that_calls_too_often_has_to_wait(
    alice: Actor, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """I4: told when to come again, and nobody else is held up."""
    moment = [1000.0]
    monkeypatch.setattr(identity, "BUDGET", Budget(burst=3, per_second=0.1))
    monkeypatch.setattr(identity.time, "monotonic", lambda: moment[0])
    client, other = visitor(), bearer(alice)
    before = fingerprint()

    answers = [client.get(URL, headers=token) for _ in range(5)]

    assert [one.status_code for one in answers] == [200] * 3 + [429] * 2
    assert answers[-1].headers["retry-after"] == "10"
    assert answers[-1].json() == {"detail": "Too many requests. Try again in a moment."}
    assert fingerprint() == before
    assert client.get(URL, headers=other).status_code == 200
    moment[0] += 10
    assert client.get(URL, headers=token).status_code == 200


def test_a_token_has_one_budget_however_it_is_written(
    token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """I4."""
    monkeypatch.setattr(identity, "BUDGET", Budget(burst=2, per_second=0.01))
    value = token["authorization"].removeprefix("Bearer ")
    spelled = [f"Bearer {value}", f"bearer {value}", f"BEARER   {value} "]

    codes = [
        visitor().get(path, headers={"authorization": one}).status_code
        for one, path in zip(spelled, [URL, "/customers", "/api/v1/me"], strict=True)
    ]

    assert codes == [200, 200, 429]


def test_a_browser_is_not_counted(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page makes many requests."""
    monkeypatch.setattr(identity, "BUDGET", Budget(burst=1, per_second=0.01))
    with db.transaction(alice) as session:
        user = db.get(session, User, alice.user_id or 0)
        cookie = sessions.begin(session, user, Visit(), at=utcnow())
    client = visitor()
    client.cookies.set("__Host-crm_session", cookie, domain="crm.example")

    assert [client.get(URL).status_code for _ in range(3)] == [200] * 3
