"""A process beside the app: started again when it dies, not when it is to stop."""

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crm.web import supervisor
from crm.web.supervisor import Supervisor, pause_after


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("before", "lasted", "pause"),
    [
        (0, 0.1, 1),
        (1, 0.1, 2),
        (2, 0.1, 4),
        (32, 0.1, 60),
        (60, 59.9, 60),
        (60, 60, 1),
    ],
)
def test_the_pause_doubles_up_to_a_minute_until_it_has_worked_for_one(
    before: float, lasted: float, pause: float
) -> None:
    assert pause_after(before, lasted) == pause


@pytest.fixture
def starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that every process writes a line into; the pauses are short."""
    monkeypatch.setattr(supervisor, "SHORTEST", 0.05)
    return tmp_path / "starts"


def process(starts: Path, then: str) -> Supervisor:
    program = f"open({str(starts)!r}, 'a').write('x'); {then}"
    return Supervisor([sys.executable, "-S", "-c", program])


def test_what_ends_is_started_again_and_told(
    starts: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ending = process(starts, "raise SystemExit(3)")
    with caplog.at_level(logging.WARNING, "clientele"):
        ending.start()
        until(lambda: starts.exists() and len(starts.read_text()) >= 3)
        ending.stop()

    assert "The worker has ended (3); it is started again in" in caplog.text
    count = len(starts.read_text())
    time.sleep(0.3)
    assert len(starts.read_text()) == count


def test_what_does_not_want_to_end_is_killed(starts: Path) -> None:
    stubborn = process(
        starts,
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"open({str(starts)!r}, 'a').write('y'); time.sleep(60)",
    )
    stubborn.start()
    until(lambda: starts.exists() and "y" in starts.read_text())

    stubborn.stop(0.2)

    child = stubborn._process
    assert child is not None
    assert child.wait(5) == -9
