"""The API does what its own OpenAPI says, whatever is sent, and tells nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from crm.models import Actor
from crm.web import identity
from crm.web.limits import Budget
from tests.security.endpoints import INSIDE, OPERATIONS, SAMPLES
from tests.security.house import bearer, house

pytestmark = pytest.mark.slow

LEFT_OUT = (
    "allow_header_conformance",  # Starlette names the methods of one route only
    "positive_data_acceptance",  # the schema knows not every rule
    "negative_data_rejection",  # white space is trimmed before a text is measured
)
SETTINGS: dict[str, Any] = {
    "seed": 20261126,
    "continue-on-failure": True,
    "parameters": {"If-Match": '"1"'},
    "generation": {"max-examples": 12, "no-shrink": True, "database": "none"},
    "checks": {name: {"enabled": False} for name in LEFT_OUT},
    "phases": {
        "examples": {"enabled": False},
        "stateful": {"max-steps": 6, "generation": {"max-examples": 6}},
    },
}


@pytest.fixture
def token(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Ada's, for everything and as often as it likes, over one record of each kind."""
    monkeypatch.setattr(identity, "BUDGET", Budget(10**6, 10**6))
    for make_one in SAMPLES.values():
        make_one(admin)
    return bearer(admin)


def test_the_api_keeps_its_word_whatever_is_sent(token: dict[str, str]) -> None:
    """I3: no server error, no status, type or shape that is not documented.

    I5: and no refusal tells of what is inside.
    """
    broken, told, reached = [], [], set()
    for event in scenarios(token):
        sent = event.recorder.interactions
        for key, checks in event.recorder.checks.items():
            failures = [c.failure_info for c in checks if c.failure_info is not None]
            broken += [(sent[key].request.uri, str(f.failure)) for f in failures]
        for key, one in sent.items():
            if (answer := one.response) is None:
                continue
            operation = event.recorder.cases[key].value.operation
            reached.add((operation.method.upper(), operation.path))
            if answer.status_code >= 400 and INSIDE.search(answer.content or b""):
                told.append((one.request.uri, answer.content))

    assert broken == []
    assert told == []
    assert {(m, p.removeprefix("/api")) for m, p in reached} == set(OPERATIONS)


def scenarios(token: dict[str, str]) -> Iterator[events.ScenarioFinished]:
    """Each group of requests that schemathesis has made of the OpenAPI."""
    (value,) = token.values()
    auth = {"openapi": {"token": {"bearer": value.removeprefix("Bearer ")}}}
    config = SchemathesisConfig.from_dict(SETTINGS | {"auth": auth})
    schema = schemathesis.openapi.from_asgi(
        "/api/openapi.json", house, config=config, headers=token
    )
    for event in from_schema(schema).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            yield event
