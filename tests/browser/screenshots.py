"""`python -m tests.browser.screenshots`: the pictures of the README, from the app.

Starts it in a temporary folder with its worker, sets it up with the demo company as a
new user would, waits for the analyses, and writes docs/images/*.png.
"""

import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from crm.config import ROOT
from tests.browser.conftest import ARGUMENTS
from tests.browser.finder import find_browser
from tests.browser.serving import serve, settle

FOLDER = ROOT / "docs/images"
SHOTS = {  # name: address, width, height
    "start": ("", 1280, 800),
    "customer": ("customer?id=2", 1280, 800),
    "product": ("product?id=1", 1280, 900),
    "segmentation": ("segmentation", 1280, 900),
    "association_rules": ("association_rules", 1280, 900),
    "churn": ("churn", 1280, 900),
    "today": ("today", 1280, 800),
    "cohorts": ("cohorts", 1280, 900),
    "lifetime_value": ("lifetime_value", 1280, 1000),
    "opportunities": ("opportunities", 1280, 900),
    "sales_forecast": ("sales_forecast", 1280, 900),
    "win_chance": ("win_chance", 1280, 900),
    "campaign": ("campaign?id=2", 1280, 900),
}
DARK = ("churn",)
DRAWN = "() => !document.querySelector('[data-testid=stSkeleton]')"
UNDONE = re.compile("^(Waiting|Running)$")
ANALYSES = 10
PATIENCE = 600  # seconds until the demo company and its analyses are there


def set_up(page: Page, address: str) -> None:
    """Become the administrator, load the demo company, wait for what it brings."""
    page.goto(address)
    page.get_by_label("Name").fill("Ada Larkin")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password, at least 10 characters").fill("correct horse battery")
    page.get_by_role("button", name="Create and start").click()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page.goto(f"{address}/jobs")
        settle(page)
        page.wait_for_timeout(1500)
        done, open_ = (page.get_by_text(word).count() for word in ("Done", UNDONE))
        if done >= ANALYSES and not open_:
            return
    raise SystemExit("The demo company or its analyses did not come.")


def shoot(browser: Browser, state: Path, address: str, scheme: str) -> None:
    """The pictures in light, or those in dark."""
    for name in SHOTS if scheme == "light" else DARK:
        place, width, height = SHOTS[name]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            storage_state=state,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        page.goto(f"{address}/{place}")
        settle(page)
        page.wait_for_function(DRAWN, timeout=60_000)
        page.wait_for_timeout(1500)  # charts draw themselves after the script
        page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
        context.close()


def main() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    path = find_browser()
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(ROOT / "app.py", Path(folder) / "log", CRM_DATA_DIR=folder) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        state = Path(folder) / "state.json"
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        set_up(context.new_page(), address)
        context.storage_state(path=state)
        for scheme in ("light", "dark"):
            shoot(browser, state, address, scheme)
        browser.close()


if __name__ == "__main__":
    main()
