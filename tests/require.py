"""What some tests need and a machine may lack: a browser, a database server."""

import os
from typing import NoReturn

import pytest

ABSENT = "absent: "


def absent(name: str, reason: str) -> NoReturn:
    """Skip the test, as `name` is not here; fail where CRM_REQUIRE asks for it.

    `name` is `browser`, `postgresql` or `mariadb`; CRM_REQUIRE lists such names,
    separated by commas.
    """
    if name in os.environ.get("CRM_REQUIRE", "").split(","):
        pytest.fail(f"{name} is required by CRM_REQUIRE: {reason}", pytrace=False)
    pytest.skip(f"{ABSENT}{name} ({reason})")
