"""Several processes at one file, and one that is killed: always a whole warehouse."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm import warehouse
from crm.config import ROOT
from tests import make
from tests.warehouse.copies import ANEW, FOLLOWED, contents, order, path, stages

pytestmark = pytest.mark.slow

STOP_AT = """
import sys, time
from crm import warehouse

def told(share, stage):
    if (stage, share) >= (sys.argv[1], float(sys.argv[2])):
        print("here", flush=True)
        time.sleep(600)

warehouse.refresh(told)
"""
REFRESH = """
from crm import warehouse

for _number in range(3):
    print(warehouse.refresh().isoformat())
"""


@contextmanager
def python(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another process on the same data."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def fill() -> None:
    acme, widget = make.customer(), make.product()
    for day in range(1, 4):
        order(acme, f"2026-02-0{day}", (widget, 1, "10"), (widget, 2, "10"))


def left_behind() -> list[Path]:
    return list(path().parent.glob("*.next*"))


@pytest.mark.parametrize("share", ["0.0", "0.75"])
def test_a_refresh_that_is_killed_loses_and_doubles_nothing(
    database: str, share: str
) -> None:
    fill()
    warehouse.refresh()
    before = contents()
    fill()

    with python(STOP_AT, FOLLOWED, share) as process:
        assert process.stdout.readline() == "here\n"
        process.kill()
        process.wait()
    assert left_behind()
    assert contents() == before

    assert stages() == {FOLLOWED}
    followed = contents()
    path().unlink()
    assert stages() == {ANEW}
    assert followed == contents()
    assert not left_behind()


def test_a_first_refresh_that_is_killed_leaves_nothing_to_read(database: str) -> None:
    fill()
    with python(STOP_AT, ANEW, "0.5") as process:
        assert process.stdout.readline() == "here\n"
        process.kill()
        process.wait()
    assert not path().exists()

    assert stages() == {ANEW}
    assert len(contents()["order_line"]) == 6


def test_processes_refresh_in_turn_while_others_read(database: str) -> None:
    fill()
    warehouse.refresh()
    with python(REFRESH) as one, python(REFRESH) as other:
        until = time.monotonic() + 120
        while one.poll() is None or other.poll() is None:
            assert time.monotonic() < until
            fill()
            with warehouse.reading() as house:
                orders, baskets = house.orders(), house.baskets(make.NOON.date())
            assert set(orders["order_id"]) == set(baskets["order_id"])
        said = [process.stdout.read().split() for process in (one, other)]
    assert [len(times) for times in said] == [3, 3]
    assert len(set(said[0] + said[1])) == 6

    assert stages() == {FOLLOWED}
    followed = contents()
    path().unlink()
    warehouse.refresh()
    assert followed == contents()
