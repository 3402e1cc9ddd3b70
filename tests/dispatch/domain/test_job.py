from __future__ import annotations

from datetime import UTC, date, datetime
from string import Formatter
from typing import Any

import pytest

from dispatch.domain.answer import Answer
from dispatch.domain.errors import ERRORS, DispatchError, ImpossibleRecord, NotFound
from dispatch.domain.job import SENTENCES, Detail, Job, JobFailure, JobState

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


@pytest.mark.parametrize("error", ERRORS)
def test_what_an_error_said_is_said_again_in_the_readers_language(error: type[DispatchError]) -> None:
    names = {name for _, name, _, _ in Formatter().parse(error.sentence_zh + error.sentence_en) if name}
    raised = DispatchError.__new__(error)
    raised.params = {name: AT.date() if name == "day" else name.upper() for name in names}
    detail = Detail.of(raised)
    for language in ("zh", "en"):
        assert detail.say(language) == raised.say(language)
    told = job(failure=JobFailure.NOT_PREPARED, detail=Detail.of(NotFound("Region", "hz")))
    assert told.explain_failure("zh") == "当天的数据无法整理成规划请求（找不到 Region hz）"
    assert told.explain_failure("en") == "the day could not be made into a request (there is no Region hz)"


def test_a_detail_of_another_version_is_told_as_far_as_it_is_known() -> None:
    assert Detail("from_the_future", {"n": 3}).say("zh") == "from_the_future, 3"
    assert Detail("faults", {"code": "missing_key", "count": 2}).say("en").endswith("at –: missing_key")


def test_an_impossible_record_of_an_older_version_is_told_without_what_that_one_did_not_keep() -> None:
    old = Detail("impossible_record", {"name": "ticket.duration_s", "expected": "≥ 0", "found": "-5"})
    assert old.say("zh") == "有记录的值不可能"
    assert old.say("en") == "ticket.duration_s must be ≥ 0, got -5"
    assert Detail("impossible_record").say("en") == "a record has a value that it cannot have"


def test_a_job_that_did_not_fail_has_nothing_to_explain() -> None:
    assert job().explain_failure("en") is None


def test_an_answer_has_a_status_of_the_web() -> None:
    with pytest.raises(ImpossibleRecord):
        Answer("k", "d1", "print", AT, 99, "")
