"""Files go in through the wizard, with the worker at work, and come out again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.config import ROOT
from tests.browser.serving import serve, settle

RETAIL = ROOT / "../shared/data/retail_orders_2010-12_to_2011-02.csv"
CUSTOMERS = """Kundennummer;Name;E-Mail;Land;Telefon
1;Rhine *Mills*;mills@example.com;Deutschland;+49 221 470 3550
2;Elbe Works;works@example.com;DE;+49 40 428 380
3;<b>Alpine</b> Foods;food@example.com;Österreich;+43 1 58858
4;;nobody@example.com;DE;
"""
WORK = 60_000  # milliseconds that a job may take


@pytest.fixture(scope="module")
def address(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An app with its worker, set up by Ada."""
    folder = tmp_path_factory.mktemp("import")
    with serve(
        ROOT / "app.py", folder / "log", CRM_DATA_DIR=str(folder / "data")
    ) as url:
        page = browser.new_page()
        page.goto(url)
        page.get_by_label("Name").fill("Ada")
        page.get_by_label("E-mail").fill("ada@example.com")
        page.get_by_label("Password, at least 10 characters").fill("correct horse")
        page.get_by_label("Start empty").check()
        page.get_by_role("button", name="Create and start").click()
        settle(page)
        page.close()
        yield url


@pytest.fixture
def ada(page: Page, address: str) -> Page:
    """The list of imports, as Ada sees it."""
    page.goto(f"{address}/account/login")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    settle(page)
    page.goto(f"{address}/imports")
    return page


def upload(page: Page, name: str, content: bytes) -> None:
    """Every button is clicked twice, as some people do."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Next: look at the rows").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def check(page: Page) -> None:
    """From the first step to the figures of the third."""
    page.get_by_role("button", name="Next: map the columns").click()
    page.get_by_role("button", name="Check the rows").dblclick()
    expect(page.get_by_text("Errors", exact=True)).to_be_visible(timeout=WORK)


def run(page: Page) -> dict[str, int]:
    """Have the rows imported; what the report says."""
    page.get_by_role("button", name=re.compile(r"Import [\d,]+ rows?")).dblclick()
    expect(page.get_by_text("Undo this import")).to_be_visible(timeout=WORK)
    settle(page)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    told = page.get_by_role("heading", level=3).first.inner_text().replace(",", "")
    return {name: int(n) for n, name in re.findall(r"(\d+) (\w+)", told)}


def undo(page: Page) -> None:
    page.get_by_text("Undo this import").click()
    page.get_by_role("button", name="Undo it now").click()
    expect(page.get_by_text(re.compile("Undone – to the recycle bin"))).to_be_visible(
        timeout=WORK
    )


def test_customers_go_in_and_are_taken_back(ada: Page, address: str) -> None:
    upload(ada, "Kunden *2026*.csv", CUSTOMERS.encode("cp1252"))
    expect(ada.get_by_label("Encoding")).to_have_value("Windows-1252 (Latin 1)")
    check(ada)
    ada.reload()

    counts = run(ada)

    assert counts == {"rows": 4, "created": 3, "updated": 0, "skipped": 0, "failed": 1}
    ada.goto(f"{address}/customers")
    expect(ada.get_by_text("1 to 3 of 3")).to_be_visible()
    ada.go_back()
    undo(ada)
    ada.goto(f"{address}/customers")
    expect(ada.get_by_text("No customers yet.")).to_be_visible()


@pytest.mark.skipif(
    not RETAIL.exists(), reason="the retail file is not beside this checkout"
)
def test_orders_of_a_real_shop_add_up(ada: Page, address: str) -> None:
    with RETAIL.open("rb") as file:
        lines = [file.readline() for _number in range(5001)]
    upload(ada, "retail.csv", b"".join(lines))
    check(ada)

    counts = run(ada)

    parts = [counts[name] for name in ("created", "updated", "skipped", "failed")]
    assert counts["rows"] == sum(parts) == 5000
    orders = len({line.split(b",")[0] for line in lines[1:]})
    ada.goto(f"{address}/orders")
    expect(ada.get_by_text(f"1 to 25 of {orders}")).to_be_visible()
    ada.go_back()
    undo(ada)
    ada.goto(f"{address}/orders")
    expect(ada.get_by_text("No orders yet.")).to_be_visible()
