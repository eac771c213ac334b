"""When something fails inside, whoever asks is told so, and nothing more.

I5. What the API refuses is looked through in `test_openapi.py`, what a page shows
in `test_pages.py`.
"""

import pytest

from crm import db
from crm.models import Actor
from crm.services import lists
from crm.services.admin import sign_in
from tests.security.endpoints import INSIDE, OPERATIONS, SAMPLES, ask
from tests.security.house import bearer, visitor
from tests.web.conftest import post

SECRET = "SELECT secret FROM /work/crm/x.py"


@pytest.mark.slow
def test_a_broken_database_is_told_without_a_statement(admin: Actor) -> None:
    for make_one in SAMPLES.values():
        make_one(admin)
    client, token = visitor(), bearer(admin)
    with db.engine().begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for table in ("order_line", "custom_field", "idempotency_key"):
            connection.exec_driver_sql(f"DROP TABLE {table}")

    answers = {
        (method, path): ask(client, method, f"/api{path}", **token)
        for method, path in OPERATIONS
        if not path.endswith("/me")
    }

    failed = [one for one in answers.values() if one.status_code >= 500]
    assert len(failed) >= 8
    assert not [one.text for one in failed if INSIDE.search(one.content)]
    assert all(set(one.json()) <= {"detail", "field"} for one in failed)


def test_a_bug_is_told_without_a_stack(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(lists, "page", fail)
    monkeypatch.setattr(sign_in, "enter", fail)
    client = visitor()

    answers = [
        client.get("/api/v1/customers", headers=bearer(alice)),
        post(client, "/account/login", email="a", password="b"),
    ]

    assert [one.status_code for one in answers] == [500, 500]
    assert not [one.text for one in answers if INSIDE.search(one.content)]


def test_a_refusal_speaks_the_language_that_was_asked_for(alice: Actor) -> None:
    """Whatever thread it comes from."""
    client, token = visitor(), bearer(alice)
    chinese = token | {"accept-language": "zh-CN,zh;q=0.9"}

    def told(headers: dict[str, str]) -> str:
        return str(client.get("/api/v1/customers/7", headers=headers).json()["detail"])

    assert told(chinese) == "客户 7 不存在。"
    assert told(token) == "Customer 7 does not exist."
