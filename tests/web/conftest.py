"""The app as it is served, with a data folder of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from crm.config import ROOT
from tests.browser.serving import serve

PASSWORD = "correct horse battery"


@dataclass
class Site:
    """A running app: its address, its log, its data; and Ada's cookie."""

    url: str
    log: Path
    data: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def visitor(self, **cookies: str) -> httpx2.Client:
        """Somebody's browser, without following redirects."""
        return httpx2.Client(
            base_url=self.url,
            cookies=cookies,
            headers={"accept": "text/html"},
            timeout=20,
        )

    def ada(self) -> httpx2.Client:
        """Ada's browser, signed in."""
        return self.visitor(**self.cookies)


def post(client: httpx2.Client, path: str, **fields: str) -> httpx2.Response:
    """Fill in the form at `path` and send it."""
    page = client.get(path).text
    found = re.search(r'name=csrf value="([^"]+)"', page)
    assert found is not None
    origin = {"origin": str(client.base_url).rstrip("/")}
    return client.post(path, data=fields | {"csrf": found[1]}, headers=origin)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app on an empty database."""
    folder = tmp_path_factory.mktemp("site")
    log, data = folder / "log", folder / "data"
    settings = {"CRM_DATA_DIR": str(data), "CRM_WORKER": "off"}
    with serve(ROOT / "app.py", log, **settings) as url:
        yield Site(url, log, data)


@pytest.fixture(scope="module")
def site(fresh: Site) -> Site:
    """The app after Ada has set it up."""
    with fresh.visitor() as client:
        answer = post(
            client,
            "/account/setup",
            name="Ada",
            email="ada@example.com",
            password=PASSWORD,
            start="empty",
        )
        assert answer.status_code == 303
        fresh.cookies = {"crm_session": client.cookies["crm_session"]}
    return fresh
