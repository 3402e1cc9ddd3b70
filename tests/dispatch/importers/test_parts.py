from __future__ import annotations

from dispatch.importers.parts import read_parts
from tests.dispatch.importers.sheets import SETTINGS, codes, csv_of


def test_a_part_has_a_number_a_name_and_substitutes() -> None:
    (part,) = read_parts(csv_of("物料编码,品名,替代件", "KT-101,启动电容,KT-109；KT-110"), SETTINGS).drafts
    assert (part.number, part.name, part.substitutes) == ("KT-101", "启动电容", ("KT-109", "KT-110"))


def test_a_part_without_a_number_or_with_itself_in_its_stead_is_refused() -> None:
    imported = read_parts(csv_of("备件号,名称,可替代件", ",电容,", "KT-101,电容,KT-101"), SETTINGS)
    assert codes(imported) == ["missing_value", "substitute_itself"]


def test_a_number_that_comes_twice_with_other_contents_is_refused() -> None:
    assert codes(read_parts(csv_of("备件号,名称", "KT-101,电容", "KT-101,滤芯"), SETTINGS)) == ["duplicate_number"]
