"""The last lines of a test run say what could not be tested on this machine."""

from collections import Counter
from collections.abc import Generator

import pytest

from tests.require import ABSENT


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    for line in lines(reporter.stats.get("skipped", [])):
        reporter.write_line(line, yellow=True)


def lines(skipped: list[pytest.TestReport]) -> list[str]:
    """One line for each absent thing, with the number of tests that it cost."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in skipped
        if isinstance(report.longrepr, tuple)
    )
    return [
        f"NOT TESTED here: {count} tests, {reason}"
        for reason, count in sorted(reasons.items())
        if reason.startswith(ABSENT)
    ]
