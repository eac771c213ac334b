"""What is absent is skipped and named in the last lines, or fails where required."""

import pytest

from tests.require import absent
from tests.summary import lines


def skipped(reason: str) -> pytest.TestReport:
    return pytest.TestReport(
        "test",
        ("file", 1, "test"),
        {},
        "skipped",
        ("file", 1, f"Skipped: {reason}"),
        "setup",
    )


def test_an_absent_thing_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_REQUIRE", "")

    with pytest.raises(pytest.skip.Exception, match="browser"):
        absent("browser", "none was found")


def test_an_absent_thing_that_is_required_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRM_REQUIRE", "postgresql,browser")

    with pytest.raises(pytest.fail.Exception, match="none was found"):
        absent("browser", "none was found")


def test_the_last_lines_count_the_tests_that_an_absence_cost() -> None:
    told = lines([skipped("absent: browser (none)")] * 3 + [skipped("another reason")])

    assert told == ["NOT TESTED here: 3 tests, absent: browser (none)"]
