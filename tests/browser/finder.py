"""Find a browser for the browser tests, or fetch one: `python -m tests.browser.finder`.

Playwright's own Chromium comes first, then the system's; CRM_BROWSER names another.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"  # the same without windows: two thirds of the time
SYSTEM = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FETCH_SECONDS = 300


def find_browser() -> str | None:
    """Path of a Chromium or Chrome, or None. Ask before Playwright is started."""
    named = os.environ.get("CRM_BROWSER")
    found = [named] if named else [_playwrights_own(), *map(shutil.which, SYSTEM)]
    return next((path for path in found if path and Path(path).is_file()), None)


def fetch() -> str | None:
    """Path of a browser, fetched if there was none; None where it cannot be had."""
    for command in _ways_to_fetch():
        if browser := find_browser():
            return browser
        _try(command)
    return find_browser()


@cache
def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _ways_to_fetch() -> list[list[str]]:
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways += [
            ["apt-get", "update", "-q"],
            *(["apt-get", "install", "-q", "-y", name] for name in (SHELL, "chromium")),
        ]
    return ways


def _try(command: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(
            command,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        print(f"{command[0]} took too long", file=sys.stderr)


if __name__ == "__main__":
    print(fetch() or "No browser here: the browser tests will be skipped.")
