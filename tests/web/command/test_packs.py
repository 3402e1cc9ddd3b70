"""``paidan packs``: limits with their clauses, and where packs disagree."""

from __future__ import annotations

from tests.web.command.running import Paidan


def test_all_packs_are_told_with_their_clauses(paidan: Paidan) -> None:
    answer = paidan("packs", "--lang", "en")
    assert (answer.code, answer.err) == (0, "")
    assert "strict (1) Strict (all standards)\n" in answer.out
    assert "  respond, emergency/urgent: 15 min (GR-02), stated\n" in answer.out


def test_one_pack_is_told_by_its_name_in_chinese(paidan: Paidan) -> None:
    answer = paidan("packs", "002")
    assert answer.out.startswith("002 (1) 002 售后服务规范\n")
    assert "004" not in answer.out


def test_conflicts_are_told_one_a_line(paidan: Paidan) -> None:
    answer = paidan("packs", "002", "004", "--conflicts", "--lang", "en")
    assert answer.code == 0
    assert "respond, at the latest, important × gold: 002 2 h (GR-04) · 004 4 h (SL-05) → 002\n" in answer.out


def test_an_unknown_pack_and_a_pack_alone_are_refused(paidan: Paidan) -> None:
    unknown = paidan("packs", "005")
    assert (unknown.code, unknown.out) == (2, "")
    assert "pack must be one of 002, 004, strict, or several joined by +, got '005'" in unknown.err
    alone = paidan("packs", "002", "--conflicts")
    assert alone.code == 2
    assert "--conflicts needs two packs or more, got 002 alone" in alone.err
