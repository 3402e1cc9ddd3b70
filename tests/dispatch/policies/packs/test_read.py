from __future__ import annotations

from decimal import Decimal
from importlib.resources import files

import pytest

from dispatch.data_file import DataError
from dispatch.policies.packs.model import Stage
from dispatch.policies.packs.read import PACKS, get_pack, read_pack

TEXT = files("dispatch.policies.packs").joinpath("002.toml").read_text(encoding="utf-8")
OF_004 = files("dispatch.policies.packs").joinpath("004.toml").read_text(encoding="utf-8")
STRICT = files("dispatch.policies.packs").joinpath("strict.toml").read_text(encoding="utf-8")


def faults_of(text: str) -> str:
    with pytest.raises(DataError) as caught:
        read_pack(text)
    return "\n".join(caught.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "002"', 'id = ""', "id must be a text, got ''"),
        ('id = "002"', 'id = "002+004"', "id must be a name without +, got '002+004'"),
        ("version = 1", "version = 0", "version must be a whole number from 1 to 10000, got 0"),
        ("version = 1", "version = 1\ncolour = 3", "colour must be one of id, version"),
        ('title_zh = "002 售后服务规范"\n', "", "title_zh must be there, got None"),
        ('grade = "emergency"', 'grade = "huge"', "grades[0].grade must be one of emergency, urgent, important, general"),
        ("within = 10\n", "within = 0\n", "limits[0].within must be a whole number from 1 to 10000, got 0"),
        ("within = 10\n", "within = true\n", "limits[0].within"),
        ("within = 10\n", "within = 1.5\n", "limits[0].within"),
        ('unit = "min"', 'unit = "days"', "limits[0].unit must be one of min, h, working_days, got 'days'"),
        ('unit = "min"', 'unit = "min"\ncalendar = "night"', "limits[0].calendar must be one of round_the_clock, working"),
        ('unit = "min"', 'unit = "min"\nbound = "earliest"', "limits[0].bound must be latest for every stage but follow_up"),
        ('unit = "min"', 'unit = "min"\nor_interim = true', "limits[0].or_interim must be false for every stage but resolve"),
        ('unit = "min"', 'unit = "min"\nor_interim = 3', "limits[0].or_interim must be true or false, got 3"),
        ('unit = "min"', 'unit = "min"\ntiers = ["tin"]', "limits[0].tiers[0] must be one of diamond, gold, silver"),
        ('unit = "min"', 'unit = "min"\nchannels = []', "limits[0].channels must be a list that is not empty, got []"),
        ('unit = "min"', 'unit = "min"\ngrades = ["urgent", "urgent"]', "limits[0].grades must be a list that names each once"),
        (
            'unit = "working_days"',
            'unit = "working_days"\ncalendar = "round_the_clock"',
            "limits[8].calendar must be working, where working days are counted, got 'round_the_clock'",
        ),
        ('stage = "acknowledge"', 'stage = "wait"', "limits[0].stage must be one of acknowledge, human_contact"),
        ('clause = "IN-05"', 'clause = " "', "limits[0].clause must be a text"),
        ('basis = "stated"', 'basis = "sure"', "basis must be one of stated, derived, ours, got 'sure'"),
        ('clause = "IN-11"', 'clause = "GR-03"', "limits[2] must be another than limits[1] in stage, clause or whom"),
        ("[pauses.arrive]", "[pauses.lunch]", "pauses.lunch must be one of acknowledge"),
        ('reasons = ["waiting_for_customer"]', 'reasons = ["rain"]', "pauses.arrive.reasons[0] must be one of"),
        ("after_percent = 75", "after_percent = 100", "warnings[0].after_percent must be a whole number from 1 to 99"),
        ("after_percent = 75", "after_percent = 90", "warnings yellow after_percent must be before red, 90, got 90"),
        ("after_min = 0", "after_min = -1", "escalations[0].after_min must be a whole number from 0"),
        ('to = "supervisor"', 'to = "nobody"', "warnings[1].to must be one of responsible"),
        ('within = 2\nunit = "h"', 'within = 29\nunit = "min"', "respond of urgent diamond must be no longer than that of important"),
    ],
)  # fmt: skip
def test_a_faulty_pack_is_told_with_place_value_and_what_was_expected(old: str, new: str, fault: str) -> None:
    assert old in TEXT
    assert fault in faults_of(TEXT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("from_cny = 50000", "from_cny = 10000", "tiers diamond must be more than gold, 10000, got '10000'"),
        ("from_cny = 50000", "from_cny = -1", "tiers[0].from_cny must be from 0 to 1000000000"),
        ("above = true", 'above = "yes"', "tiers[0].above must be true or false, got 'yes'"),
        (
            "within = 6\n",
            "within = 3\n",
            "respond of general gold must be no longer than that of general silver, 3 h, got '4 h'",
        ),
        ('kind = "mean"', 'kind = "wish"', "goals[0].kind must be one of example, baseline, competitor, mean"),
        ("least_min = 60", "least_min = 0", "follow_up.least_min must be a whole number from 1"),
    ],
)
def test_so_is_a_faulty_pack_with_tiers_goals_and_windows(old: str, new: str, fault: str) -> None:
    assert old in OF_004
    assert fault in faults_of(OF_004.replace(old, new, 1))


def test_all_faults_are_told_at_once() -> None:
    text = TEXT.replace("version = 1", "version = 0").replace('clause = "IN-05"', "clause = 5").replace("= 75", "= 0")
    assert len(faults_of(text).splitlines()) == 3


def test_a_pack_that_cannot_be_included_is_told_with_its_place() -> None:
    assert 'includes[1] must be a pack that can be read, got "005: pack must be one of 002, 004' in faults_of(
        STRICT.replace('"004"]', '"005"]')
    )
    assert "includes[0] must be a text, got 2" in faults_of(STRICT.replace('["002"', "[2"))
    assert "includes must be a list" in faults_of(STRICT.replace('["002", "004"]', '"002"'))


@pytest.mark.parametrize("text", ["", "no toml", "id = 3", "limits = 4"])
def test_any_other_document_is_refused_with_a_reason(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize("name", ["001", "002+001", "002+002", "", "+"])
def test_an_unknown_pack_is_told(name: str) -> None:
    with pytest.raises(DataError, match="pack must be one of 002, 004, strict, or several joined by"):
        get_pack(name)


def test_packs_that_are_joined_hold_all_limits_and_let_clocks_stand_only_where_all_do() -> None:
    one, other, both = get_pack("002"), get_pack("004"), get_pack("002+004")
    assert set(both.limits) == set(one.limits) | set(other.limits)
    assert set(both.pauses) == {Stage.ARRIVE, Stage.RESOLVE}
    assert get_pack("strict").pauses[Stage.RESOLVE].reasons == ("waiting_for_customer",)


def test_the_tier_follows_the_yearly_spending_where_a_pack_has_tiers() -> None:
    assert get_pack("002").tier_for(Decimal(1)) is None
    sums = ("50000.01", "50000", "10000", "9999.99")
    assert [get_pack("strict").tier_for(Decimal(cny)) for cny in sums] == ["diamond", "gold", "gold", "silver"]


def test_every_pack_is_one_of_those_that_come_with_the_program() -> None:
    names = {
        path.name.removesuffix(".toml")
        for path in files("dispatch.policies.packs").iterdir()
        if path.name.endswith(".toml")
    }
    assert names == set(PACKS)
