"""A job that writes for long lets others write, and stands its ground where they do."""

from types import SimpleNamespace
from typing import Any

import pytest

from crm.errors import Stale
from crm.jobs import turns
from crm.jobs.turns import Turns


class Clock:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(turns, "time", made)
    return made


def writing(clock: Clock) -> Turns:
    """The turns of a job whose writes take as many seconds as they are told."""

    def write(_name: str, seconds: float) -> float:
        clock.now += seconds
        return seconds

    context: Any = SimpleNamespace(write=write)
    return Turns(context)


@pytest.mark.usefixtures("database")
def test_after_a_while_of_writing_others_get_a_turn(clock: Clock) -> None:
    mine = writing(clock)

    for number in range(5):
        assert mine.write(f"batch {number}", 0.2) == 0.2

    assert clock.slept == [turns.BREAK, turns.BREAK]  # before the third and the fifth


@pytest.mark.usefixtures("database")
def test_what_the_job_does_between_two_writes_is_part_of_the_break(
    clock: Clock,
) -> None:
    mine = writing(clock)

    mine.write("batch 0", 0.5)
    clock.now += turns.BREAK - 0.03
    mine.write("batch 1", 0.5)
    clock.now += 1
    mine.write("batch 2", 0.5)

    assert clock.slept == [0.03, 0]


def test_a_server_needs_no_breaks(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "settings", lambda: SimpleNamespace(is_sqlite=False))
    mine = writing(clock)

    for number in range(3):
        mine.write(f"batch {number}", 0.5)

    assert clock.slept == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("clashes", "goes_in"), [(2, True), (3, False)])
def test_a_write_that_meets_anothers_is_tried_again(
    clashes: int, *, goes_in: bool
) -> None:
    met = [Stale("Somebody was faster.")] * clashes

    def write(_name: str, _function: object) -> str:
        if met:
            raise met.pop()
        return "written"

    context: Any = SimpleNamespace(write=write)
    if goes_in:
        assert Turns(context).write("batch 0", list) == "written"
    else:
        with pytest.raises(Stale):
            Turns(context).write("batch 0", list)
