"""Tables kept in a folder: asked once, and never wrong because something is broken."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from dispatch.domain.errors import TravelUnavailable
from dispatch.travel.cached import Cached, _used_at
from dispatch.travel.travel_times import Points, Travel
from tests.dispatch.travel.servers import Scripted, answer_sevens, fail

HERE = Points([30.0, 30.1], [120.0, 120.1])
THERE = Points([30.2], [120.2])


def test_the_same_points_are_asked_for_once_even_after_a_restart(tmp_path: Path) -> None:
    provider = Scripted(answer_sevens)
    for cached in (Cached(provider, tmp_path), Cached(provider, tmp_path)):
        travel = cached.matrix(HERE, THERE)
        assert travel.travel_s.tolist() == [[7], [7]]
        assert travel.travel_m.tolist() == [[70], [70]]
    assert provider.calls == 1


def test_what_was_kept_has_its_marks_and_notes(tmp_path: Path) -> None:
    def answer(_origins: Points, _destinations: Points) -> Travel:
        table = np.array([[1, 2]], np.int64)
        return Travel(table, table, is_estimate=np.array([[True, False]]), notes=("离路太远 200 m", "and one more"))

    cached = Cached(Scripted(answer), tmp_path)
    first, kept = cached.matrix(THERE, HERE), cached.matrix(THERE, HERE)
    assert kept.is_estimate.tolist() == first.is_estimate.tolist() == [[True, False]]
    assert kept.notes == first.notes == ("离路太远 200 m", "and one more")


def test_other_points_another_split_or_another_provider_are_another_question(tmp_path: Path) -> None:
    provider = Scripted(answer_sevens)
    cached = Cached(provider, tmp_path)
    three = Points([*HERE.lat_deg, *THERE.lat_deg], [*HERE.lon_deg, *THERE.lon_deg])
    cached.matrix(three.pick([0, 1]), three.pick([2]))
    cached.matrix(three.pick([0]), three.pick([1, 2]))
    cached.matrix(three.pick([2]), three.pick([0, 1]))
    moved = Points([30.0, float(np.nextafter(30.1, 31))], [120.0, 120.1])
    cached.matrix(moved, THERE)
    assert provider.calls == 4
    provider.digest = "newer roads"
    cached.matrix(HERE, THERE)
    assert provider.calls == 5


@pytest.mark.parametrize("content", [b"", b"noise", None])
def test_a_broken_file_is_computed_anew(tmp_path: Path, content: bytes | None) -> None:
    provider = Scripted(answer_sevens)
    cached = Cached(provider, tmp_path)
    cached.matrix(HERE, THERE)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:300] if content is None else content)
    assert cached.matrix(HERE, THERE).travel_s.tolist() == [[7], [7]]
    assert provider.calls == 2
    cached.matrix(HERE, THERE)
    assert provider.calls == 2


def test_a_file_with_another_table_in_it_is_computed_anew(tmp_path: Path) -> None:
    provider = Scripted(answer_sevens)
    cached = Cached(provider, tmp_path)
    cached.matrix(HERE, THERE)
    (small,) = tmp_path.iterdir()
    cached.matrix(HERE, HERE)
    (large,) = set(tmp_path.iterdir()) - {small}
    small.write_bytes(large.read_bytes())
    assert cached.matrix(HERE, THERE).travel_s.shape == (2, 1)
    assert provider.calls == 3


def test_the_tables_not_used_for_longest_go_first(tmp_path: Path) -> None:
    provider = Scripted(answer_sevens)
    cached = Cached(provider, tmp_path, files_max=2)
    places = [Points([float(lat)], [120.0]) for lat in range(3)]
    for age, place in zip((2000, 1000), places, strict=False):
        before = set(tmp_path.iterdir())
        cached.matrix(place, place)
        (path,) = set(tmp_path.iterdir()) - before
        os.utime(path, (10_000 - age, 10_000 - age))
    cached.matrix(places[0], places[0])  # the older one is used: now it is the younger
    cached.matrix(places[2], places[2])
    assert len(list(tmp_path.iterdir())) == 2
    assert provider.calls == 3
    cached.matrix(places[0], places[0])
    assert provider.calls == 3
    cached.matrix(places[1], places[1])
    assert provider.calls == 4


def test_a_folder_that_cannot_be_written_costs_a_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cached = Cached(Scripted(answer_sevens), tmp_path / "file")
    travel = cached.matrix(HERE, THERE)
    assert travel.travel_s.tolist() == [[7], [7]]
    (note,) = travel.notes
    assert note.startswith("this table could not be kept for the next time: ")


def test_a_table_that_another_process_has_dropped_counts_as_the_oldest(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"")
    assert _used_at(tmp_path / "dropped") < _used_at(tmp_path / "kept")


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.savez", refuse)
    travel = Cached(Scripted(answer_sevens), tmp_path).matrix(HERE, THERE)
    assert travel.notes == ("this table could not be kept for the next time: No space left on device",)
    assert list(tmp_path.iterdir()) == []


def test_a_provider_that_cannot_answer_is_not_remembered(tmp_path: Path) -> None:
    provider = Scripted(fail)
    cached = Cached(provider, tmp_path)
    for _ in range(2):
        with pytest.raises(TravelUnavailable):
            cached.matrix(HERE, THERE)
    assert provider.calls == 2
    assert list(tmp_path.iterdir()) == []
    assert (cached.name, cached.is_estimate) == ("scripted", False)
