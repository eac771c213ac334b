"""Asking for background work, watching it, stopping it, trying it again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from crm import db, i18n
from crm.errors import Forbidden, NotFound, RuleBroken
from crm.i18n import _
from crm.jobs import run_here
from crm.models import SYSTEM, Actor, Job, JobState
from crm.services import jobs


def ask(actor: Actor, key: str | None = None) -> Job:
    with db.transaction(actor) as session:
        return jobs.ask(session, "import", "Import of orders", {"file": 7}, key=key)


def put(job: Job, **details: object) -> None:
    """Set what only a worker sets."""
    with db.transaction(SYSTEM) as session:
        found = jobs.job(session, job.id)
        for name, value in details.items():
            setattr(found, name, value)


def test_a_job_waits_with_what_it_was_asked_for(alice: Actor) -> None:
    job = ask(alice)

    with db.reading(alice) as session:
        found = jobs.job(session, job.id)

    assert (found.state, found.arguments, found.owner_id, found.attempt) == (
        JobState.WAITING,
        {"file": 7},
        alice.user_id,
        1,
    )


def test_asking_twice_with_a_key_is_asking_once(alice: Actor) -> None:
    first, second = ask(alice, "import-7"), ask(alice, "import-7")

    assert first.id == second.id


def test_asking_twice_without_a_key_is_asking_twice(alice: Actor) -> None:
    assert ask(alice).id != ask(alice).id


def test_asking_many_times_at_once_is_asking_once(alice: Actor) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: ask(alice, "import-7").id, range(16)))

    assert len(set(asked)) == 1


def test_the_keys_of_two_users_never_meet(alice: Actor, bob: Actor) -> None:
    assert ask(alice, "import-7").id != ask(bob, "import-7").id


def test_a_key_may_have_any_length(alice: Actor) -> None:
    first, second = ask(alice, "k" * 500), ask(alice, "k" * 500)

    assert first.id == second.id


def test_a_transaction_that_fails_leaves_no_job(alice: Actor) -> None:
    def ask_and_fail() -> None:
        with db.transaction(alice) as session:
            jobs.ask(session, "import", "Import", {})
            raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        ask_and_fail()

    with db.reading(alice) as session:
        assert jobs.listed(session) == []


def test_a_job_speaks_the_language_of_who_asked(alice: Actor) -> None:
    with i18n.language("zh_CN"):
        assert ask(alice).language == "zh_CN"


def test_who_may_only_read_starts_no_job(viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        ask(viewer)


def test_the_job_of_somebody_else_does_not_exist(alice: Actor, bob: Actor) -> None:
    job = ask(alice)

    with pytest.raises(NotFound), db.reading(bob) as session:
        jobs.job(session, job.id)


def test_the_job_of_somebody_else_cannot_be_stopped(alice: Actor, bob: Actor) -> None:
    job = ask(alice)

    with pytest.raises(NotFound), db.transaction(bob) as session:
        jobs.cancel(session, job.id)


def test_an_administrator_sees_every_job(admin: Actor, alice: Actor) -> None:
    job = ask(alice)

    with db.reading(admin) as session:
        assert [found.id for found in jobs.listed(session)] == [job.id]


def test_jobs_are_listed_newest_first_and_in_pages(alice: Actor) -> None:
    ids = [ask(alice).id for _ in range(3)]

    with db.reading(alice) as session:
        listed = jobs.listed(session, limit=2, offset=1)

    assert [job.id for job in listed] == [ids[1], ids[0]]


def test_jobs_are_chosen_by_state_and_kind(alice: Actor) -> None:
    job, failed = ask(alice), ask(alice)
    put(failed, state=JobState.FAILED)

    with db.reading(alice) as session:
        listed = jobs.listed(session, kinds=["import"], states=jobs.OPEN)
        count = jobs.counted(session, kinds=["import"], states=[JobState.FAILED])

    assert ([found.id for found in listed], count) == ([job.id], 1)


def test_a_waiting_job_is_cancelled_at_once(alice: Actor) -> None:
    job = ask(alice)

    with db.transaction(alice) as session:
        assert jobs.cancel(session, job.id).state is JobState.CANCELLED


def test_a_running_job_is_asked_to_stop(alice: Actor) -> None:
    job = ask(alice)
    put(job, state=JobState.RUNNING)

    with db.transaction(alice) as session:
        found = jobs.cancel(session, job.id)

    assert (found.state, found.stopping) == (JobState.RUNNING, True)


def test_a_job_that_is_over_cannot_be_cancelled(alice: Actor) -> None:
    job = ask(alice)
    put(job, state=JobState.DONE)

    with pytest.raises(RuleBroken), db.transaction(alice) as session:
        jobs.cancel(session, job.id)


def test_a_failed_job_waits_again_when_retried(alice: Actor) -> None:
    job = ask(alice)
    put(job, state=JobState.FAILED, error="Broken.", progress=0.7, runs=3)

    with db.transaction(alice) as session:
        again = jobs.retry(session, job.id)

    assert (again.state, again.attempt, again.error, again.progress, again.runs) == (
        JobState.WAITING,
        2,
        None,
        0.0,
        0,
    )


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.RUNNING, JobState.DONE])
def test_only_a_failed_or_cancelled_job_is_retried(
    alice: Actor, state: JobState
) -> None:
    job = ask(alice)
    put(job, state=state)

    with pytest.raises(RuleBroken), db.transaction(alice) as session:
        jobs.retry(session, job.id)


def test_who_reads_of_a_failure_has_it_in_their_language(admin: Actor) -> None:
    with i18n.language("zh_CN"), db.transaction(admin) as session:
        asked = jobs.ask(session, "none such", _("Overview"), {})
    run_here(asked.id)

    with db.reading(admin) as session:
        found = jobs.job(session, asked.id)
        assert found.title == "Overview"
        words = "This version cannot do jobs of the kind “none such”."
        assert found.error == words
    with i18n.language("zh_CN"), db.reading(admin) as session:
        assert jobs.job(session, asked.id).title == "概览"
