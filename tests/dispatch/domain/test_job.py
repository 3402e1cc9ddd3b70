from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dispatch.domain.answer import Answer
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.job import SENTENCES, Job, JobFailure, JobState

AT = datetime(2026, 11, 23, tzinfo=UTC)


def job(**values: Any) -> Job:  # noqa: ANN401 - fields of a job
    given = {"id": "J", "region_id": "hz", "day": date(2026, 11, 23), "seconds": 10, "made_by": "d1", "key": "k"}
    return Job(**{**given, "created_at": AT, **values})


@pytest.mark.parametrize("seconds", [1, 3600])
def test_a_search_takes_from_a_second_to_an_hour(seconds: int) -> None:
    assert job(seconds=seconds).seconds == seconds


@pytest.mark.parametrize("values", [{"seconds": 0}, {"seconds": 3601}, {"attempt": -1}, {"id": ""}])
def test_an_impossible_job_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ImpossibleRecord):
        job(**values)


def test_a_job_ends_in_three_ways() -> None:
    ended = {state for state in JobState if job(state=state).has_ended}
    assert ended == {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


def test_every_failure_has_a_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(JobFailure)
    for failure in JobFailure:
        told = {job(failure=failure).explain_failure(language) for language in ("zh", "en")}
        assert len(told) == 2


def test_a_job_that_did_not_fail_has_nothing_to_explain() -> None:
    assert job().explain_failure("en") is None


def test_an_answer_has_a_status_of_the_web() -> None:
    with pytest.raises(ImpossibleRecord):
        Answer("k", "d1", "print", AT, 99, "")
