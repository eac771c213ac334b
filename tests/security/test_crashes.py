"""A process that dies between the commit and the answer loses neither."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from crm import db
from crm.config import ROOT
from crm.models import Actor, Customer
from tests.api.conftest import Clients

pytestmark = pytest.mark.slow

URL = "/v1/customers"
KEY = {"idempotency-key": "k"}
BODY = {"name": "Once", "email": "once@example.com"}
DIES = """
import os, signal, sys
from starlette.testclient import TestClient
from crm import db
from crm.api import once
from crm.models import SYSTEM, User
from crm.services.admin import sessions
from tests.api.conftest import As

def die(_answer):
    os.kill(os.getpid(), signal.SIGKILL)

once._response = die
with db.reading(SYSTEM) as session:
    actor = sessions.actor(db.get(session, User, int(sys.argv[1])))
body = {"name": "Once", "email": "once@example.com"}
TestClient(As(actor)).post("/v1/customers", json=body, headers={"idempotency-key": "k"})
"""


def test_an_answer_that_was_never_sent_is_given_again(
    client: Clients, alice: Actor
) -> None:
    """E4: kill -9 right after the commit."""
    command = [sys.executable, "-c", DIES, str(alice.user_id)]
    died = subprocess.run(command, cwd=ROOT, check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL

    again = client(alice).post(URL, json=BODY, headers=KEY)
    other = client(alice).post(URL, json=BODY | {"city": "Ulm"}, headers=KEY)

    assert again.status_code == 201
    assert client(alice).get(f"{URL}/{again.json()['id']}").json() == again.json()
    assert other.status_code == 422
    with db.reading(alice) as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
