"""Reasons are said again in another language, from the sentence in the plan's document."""

from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.planning import diagnose, reasons, retell
from dispatch.rulebook.line import Language, Seconds, Sentence

IDS = st.text(st.sampled_from("AZaz09-_王伟号"), min_size=1, max_size=8)
SPANS = st.integers(0, 400_000).map(Seconds)


def names_of(sentence: Sentence) -> set[str]:
    """Return the names of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence.zh) if name}


@pytest.mark.parametrize("sentence", retell.SENTENCES, ids=lambda sentence: sentence.code)
@given(data=st.data())
def test_every_sentence_can_be_said_again_in_both_languages(sentence: Sentence, data: st.DataObject) -> None:
    params = {
        name: data.draw(SPANS if name == "gap" else st.just("11-23 08:30") if name in {"to", "last", "end"} else IDS)
        for name in sorted(names_of(sentence))
    }
    said: dict[Language, str] = {"zh": sentence.say("zh", params), "en": sentence.say("en", params)}
    for text in said.values():
        read = sentence.read(text)
        assert read is not None
        assert set(read) == names_of(sentence)
    assert sentence.read(said["zh"]) == params
    assert retell.retell(said["zh"], "en") == said["en"]
    assert retell.retell(said["zh"], "zh") == said["zh"]


def test_no_sentence_of_a_reason_is_forgotten() -> None:
    found = [one for module in (diagnose, reasons) for value in vars(module).values() for one in _sentences(value)]
    assert {one.code for one in found} <= {one.code for one in retell.SENTENCES}


def _sentences(value: object) -> list[Sentence]:
    if isinstance(value, dict):
        return [one for one in value.values() if isinstance(one, Sentence)]
    return [value] if isinstance(value, Sentence) else []


def test_what_is_none_of_ours_stays_as_it_is() -> None:
    assert retell.retell("no technician", "zh") == "no technician"


def test_no_two_sentences_can_be_taken_for_one_another() -> None:
    for one in retell.SENTENCES:
        text = one.say("zh", {name: f"X{name}" for name in names_of(one)})
        assert [other.code for other in retell.SENTENCES if other.read(text) is not None] == [one.code]
