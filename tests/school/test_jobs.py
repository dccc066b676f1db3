"""Background work: progress on its page, taken up again after a kill, given up after three times."""

from datetime import timedelta

import pytest

from school import jobs, registry
from school.actor import ACCOUNT, Actor
from school.models import Job
from tests.cast import NOW


@pytest.fixture
def counting(monkeypatch):
    seen = []

    def work(job, progress):
        for n in range(3):
            progress(n + 1, 3, "telt")
            seen.append(Job.objects.get(pk=job.pk).done)
        return {"counted": 3}

    monkeypatch.setitem(registry.jobs, "test.count", work)
    return seen


def start(cast):
    return jobs.start("test.count", by=Actor(cast.annemiek, ACCOUNT))


def test_a_job_shows_how_far_it_is_and_keeps_its_result(cast, counting):
    job = start(cast)
    assert jobs.work_all() == 1
    job.refresh_from_db()
    assert counting == [1, 2, 3]
    assert (job.state, job.result) == (Job.State.DONE, {"counted": 3})


def test_a_job_whose_worker_was_killed_is_taken_up_by_the_next(cast, counting):
    job = start(cast)
    assert jobs.claim(NOW).pk == job.pk  # ... killed here
    assert jobs.claim(NOW + timedelta(seconds=30)) is None
    assert jobs.work_one(NOW + timedelta(minutes=jobs.STALE_MINUTES, seconds=1))
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_a_job_that_kills_its_worker_every_time_is_given_up(cast, counting):
    job = start(cast)
    Job.objects.filter(pk=job.pk).update(attempts=jobs.MAX_ATTEMPTS)
    jobs.work_one()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert counting == []


def test_a_failing_job_is_marked_and_the_next_one_is_done(cast, counting, monkeypatch):
    monkeypatch.setitem(registry.jobs, "test.fail", lambda job, progress: 1 / 0)
    failing = jobs.start("test.fail", by=Actor(cast.annemiek, ACCOUNT))
    fine = start(cast)
    assert jobs.work_all() == 2
    failing.refresh_from_db(), fine.refresh_from_db()
    assert (failing.state, fine.state) == (Job.State.FAILED, Job.State.DONE)
