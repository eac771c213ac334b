"""The API as an actor reaches it, without a server."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from crm.api.app import api
from crm.models import Actor

Clients = Callable[[Actor | None], TestClient]


class As:
    """The API behind a verified identity."""

    def __init__(self, actor: Actor | None) -> None:
        self.actor = actor

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await api({**scope, "crm_actor": self.actor}, receive, send)


@pytest.fixture
def client() -> Clients:
    """A client for an actor, or for nobody."""

    def made(actor: Actor | None) -> TestClient:
        return TestClient(As(actor), raise_server_exceptions=False)

    return made
