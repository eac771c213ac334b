"""What a check keeps of very many rows that it has something to tell about."""

from crm.services.imports.found import IN_ALL, REASONS, Found
from crm.services.imports.results import Counts, Issue, Outcome


def issue(row: int, column: str = "Price") -> Issue:
    return Issue(row, Outcome.FAILED, column, f"“{row}” is wrong.", (str(row),))


def test_every_row_is_counted_and_the_first_ones_are_kept() -> None:
    found = Found()

    for start in (0, 1000):  # batch by batch
        told = ((issue(n), "no number") for n in range(start, start + 1000))
        found.add(Counts(rows=1000, failed=1000), told)

    (reason,) = found.reasons()
    assert (reason.rows, found.counts.failed) == (2000, 2000)
    assert [one.row for one in reason.issues] == list(range(20))
    assert reason.reason == "“0” is wrong."


def test_a_rare_reason_shows_a_row_however_many_others_there_are() -> None:
    found = Found()
    often = [(issue(n, f"c{n % 20}"), f"kind {n % 20}") for n in range(4000)]

    found.add(Counts(), [*often, (issue(5000, "rare"), "rare")])

    reasons = found.reasons()
    assert sum(len(one.issues) for one in reasons) == IN_ALL + 1
    assert (reasons[-1].column, reasons[-1].rows) == ("rare", 1)


def test_of_very_many_reasons_the_last_are_counted_together() -> None:
    found = Found()

    found.add(Counts(), [(issue(n, f"c{n}"), f"kind {n}") for n in range(REASONS + 50)])

    reasons = found.reasons()
    assert len(reasons) == REASONS + 1
    assert (reasons[-1].rows, reasons[-1].column) == (50, None)
    assert sum(one.rows for one in reasons) == REASONS + 50


def test_what_fails_and_what_goes_in_without_a_cell_are_told_apart() -> None:
    found = Found()
    partly = Issue(2, Outcome.PARTLY, "Price", "Left out.", ("2",))

    found.add(Counts(), [(issue(1), "same"), (partly, "same")])

    assert [one.outcome for one in found.reasons()] == [Outcome.FAILED, Outcome.PARTLY]
