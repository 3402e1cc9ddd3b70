from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from dispatch.domain.answer import KEPT, Answer
from dispatch.domain.errors import KeyReused
from dispatch.domain.region import Region
from dispatch.storage.store import Store
from tests.dispatch.storage.records import EIGHT

SECOND = timedelta(seconds=1)


def give(store: Store, *, actor: str = "d1", body: str = '{"phone": "13800000000"}') -> Answer | None:
    with store.writing() as unit:
        known = unit.claim_key("k", actor, "print", now=EIGHT)
        if known is None:
            unit.keep_answer("k", actor, status=201, body=body)
        return known


def test_the_first_claims_the_key_and_the_second_gets_the_answer(store: Store) -> None:
    assert give(store) is None
    known = give(store)
    assert known == Answer("k", "d1", "print", EIGHT, 201, '{"phone": "13800000000"}')
    assert "138" not in repr(known)


def test_a_key_is_its_actors_own(store: Store) -> None:
    assert give(store) is None
    assert give(store, actor="d2") is None


def test_a_key_for_something_else_is_refused(store: Store) -> None:
    give(store)
    with pytest.raises(KeyReused, match="k"), store.writing() as unit:
        unit.claim_key("k", "d1", "another print", now=EIGHT)


def test_an_answer_is_forgotten_after_a_day(store: Store) -> None:
    give(store)
    with store.writing() as unit:
        assert unit.claim_key("k", "d1", "print", now=EIGHT + KEPT) is not None
        assert unit.claim_key("k", "d1", "print", now=EIGHT + KEPT + SECOND) is None


def test_a_unit_that_fails_gives_the_key_back_with_all_it_did(store: Store) -> None:
    def fail() -> None:
        with store.writing() as unit:
            unit.claim_key("k", "d1", "print", now=EIGHT)
            unit.save(Region("hz", "杭州"))
            msg = "no"
            raise RuntimeError(msg)

    with pytest.raises(RuntimeError):
        fail()
    with store.reading() as unit:
        assert unit.find(Region, "hz") is None
    assert give(store) is None


def test_of_many_at_once_one_acts_and_all_get_its_answer(store: Store) -> None:
    gate = threading.Barrier(4)
    got: list[Answer | None] = []

    def run(number: int) -> None:
        gate.wait()
        got.append(give(store, body=str(number)))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [answer.body for answer in got if answer is not None]
    assert len(told) == 3
    assert len(set(told)) == 1
