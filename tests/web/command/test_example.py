"""``paidan example``: a valid request, the same for the same options."""

from __future__ import annotations

from dispatch.format.read import read_request
from tests.web.command.running import Paidan


def test_an_example_has_the_size_that_was_asked_for(paidan: Paidan) -> None:
    answer = paidan("example", "--engineers", 3, "--tickets", 7, "--days", 2, "--seed", 5)
    assert (answer.code, answer.err) == (0, "")
    request = read_request(answer.out)
    assert (len(request.engineers), len(request.tickets)) == (3, 7)
    assert len({shift.start.date() for engineer in request.engineers for shift in engineer.shifts}) == 2


def test_the_seed_decides(paidan: Paidan) -> None:
    first, again, other = (paidan("example", "--tickets", 5, "--seed", seed).out for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_rich_request_has_all_features_and_a_plan_in_force_for_even_seeds_or_when_asked_for(paidan: Paidan) -> None:
    small = ("example", "--engineers", 6, "--tickets", 30)
    even, odd, asked = (
        read_request(paidan(*small, *more).out)
        for more in (["--rich"], ["--rich", "--seed", 1], ["--rich", "--seed", 1, "--with", "previous"])
    )
    assert even.previous is not None
    assert odd.previous is None
    assert asked.previous is not None
    assert all(request.depots for request in (even, odd, asked))


def test_a_single_feature_can_be_asked_for_and_an_unknown_one_is_refused(paidan: Paidan) -> None:
    request = read_request(paidan("example", "--tickets", 30, "--with", "crews").out)
    assert max(ticket.crew for ticket in request.tickets) == 3
    assert not request.depots
    answer = paidan("example", "--with", "drones")
    assert answer.code == 2
    assert "drones" in answer.err


def test_impossible_sizes_are_refused(paidan: Paidan) -> None:
    for option in (["--engineers", 0], ["--tickets", -1], ["--days", 0], ["--days", 15], ["--seed", -1]):
        answer = paidan("example", *option)
        assert (answer.code, answer.out) == (2, "")
        assert str(option[0]) in answer.err
