"""The API behind an identity; the app as it is served, and its database from here."""

from collections.abc import Iterator

import pytest

from crm import db
from crm.config import secret_key
from tests.api.conftest import client
from tests.web.conftest import Site, fresh, site

__all__ = ["client", "fresh", "site"]


@pytest.fixture(scope="module")
def inside(site: Site) -> Iterator[Site]:
    """The running app; what the tests themselves do is done in its database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DATA_DIR", str(site.data))
        for name in ("CRM_SECRET_KEY", "CRM_DATABASE_URL"):
            patch.delenv(name, raising=False)
        secret_key.cache_clear()
        db.forget()
        yield site
    db.forget()
    secret_key.cache_clear()
