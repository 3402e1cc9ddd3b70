from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.places.address import for_geocoder, names_other_city, plain, read_address
from dispatch.places.hangzhou import get_hangzhou

HANGZHOU = get_hangzhou()


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("上城区解放路26号", "上城区"),
        ("浙江省杭州市余杭区文一西路969号", "余杭区"),
        ("杭州余杭文一西路969号", "余杭区"),
        ("浙江杭州 西湖 文三路138号", "西湖区"),
        ("某某公司(滨江)", "滨江区"),
        ("某某公司（滨江）", "滨江区"),
        ("建德市新安江街道", "建德市"),
        ("杭州建德梅城", "建德市"),
        ("桐庐分水大道1号", "桐庐县"),
        ("下沙学源街1号", "钱塘区"),
        ("五常街道荆长路", "余杭区"),
        ("三墩振华路2号", "西湖区"),
        ("拱墅区西湖文化广场29号", "拱墅区"),
        ("余 杭 区", None),
        ("西湖大道1号", None),
        ("余杭塘路866号", None),
        ("萧山国际机场", None),
        ("钱塘江边", None),
        ("文三路138号", None),
        ("", None),
        ("南昌市西湖区中山路", None),
        ("江西省西湖区", None),
    ],
)
def test_the_district_that_an_address_names(address: str, district: str | None) -> None:
    found = read_address(address, HANGZHOU).district
    assert (found.name if found else None) == district


@pytest.mark.parametrize("district", HANGZHOU.districts, ids=lambda district: district.name_en)
@pytest.mark.parametrize(
    "form", ["{name}人民路1号", "杭州市{name}人民路1号", "{short}人民路1号", "浙江省杭州市{short}人民路1号"]
)
def test_each_district_is_known_by_its_full_and_its_short_name(district: object, form: str) -> None:
    name = str(getattr(district, "name"))  # noqa: B009 - a parameter of any type
    assert read_address(form.format(name=name, short=name[:-1]), HANGZHOU).district == district


@pytest.mark.parametrize(
    ("address", "district", "codes"),
    [
        ("西湖区五常街道高顺路", "余杭区", ["town_elsewhere"]),
        ("余杭区五常街道高顺路", "余杭区", []),
        ("西湖区文三路 余杭区分店", "西湖区", ["two_districts"]),
        ("江干区九堡街道", "上城区", []),
        ("江干区凯旋路", "上城区", ["former_district"]),
        ("江干区五常街道", "余杭区", ["town_elsewhere"]),
        ("西湖区文三路 原下城区", "西湖区", ["two_districts"]),
        ("临安市锦城街道", "临安区", []),
        ("富阳市文教路", "富阳区", []),
        ("杭州钱塘新区6号大街", "钱塘区", []),
        ("杭州经济技术开发区6号大街", "钱塘区", ["former_district"]),
        ("上城区九堡镇", "上城区", []),
        ("西湖区五常乡 萧山区北干街道", "余杭区", ["town_elsewhere", "town_elsewhere"]),
        ("江干区下沙街道", "钱塘区", []),
        ("下城区武林路", "拱墅区", ["former_district"]),
        ("余杭区塘栖镇", "临平区", ["town_elsewhere"]),
        ("上海市浦东新区", None, ["other_city"]),
        ("江苏省苏州市", None, ["other_city"]),
    ],
)
def test_what_contradicts_the_district_is_a_doubt(address: str, district: str | None, codes: list[str]) -> None:
    reading = read_address(address, HANGZHOU)
    assert (reading.district.name if reading.district else None) == district
    assert [doubt.code for doubt in reading.doubts] == codes


def test_a_doubt_is_told_in_both_languages() -> None:
    (doubt,) = read_address("西湖区五常街道高顺路", HANGZHOU).doubts
    assert doubt.say("zh") == "地址写了西湖区，但五常街道属于余杭区，按余杭区处理"
    assert doubt.say("en") == "the address says 西湖区, yet 五常街道 is in Yuhang, which was taken"


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("上海市徐汇区", "上海市"),
        ("浙江省宁波市海曙区", "宁波市"),
        ("浙江杭州市西湖区", None),
        ("建德市", None),
        ("市心中路1号", None),
        ("农贸市场旁", None),
        ("内蒙古自治区", "内蒙古自治区"),
    ],
)
def test_another_city_is_known_at_the_beginning(address: str, other: str | None) -> None:
    assert names_other_city(address, HANGZHOU) == other


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("西湖区文三路138号 张三 13800138000", "杭州市西湖区文三路138号"),
        ("西湖区文三路138号，张先生，138-0013-8000", "杭州市西湖区文三路138号"),
        ("杭州文三路138号 联系人：李四 电话：0571-88886666", "杭州文三路138号"),
        ("浙江省杭州市文三路１３８号", "浙江省杭州市文三路138号"),
        ("余杭区 高教路", "杭州市余杭区 高教路"),
        ("文三路138号(王女士 +86 13912345678)", "杭州市文三路138号"),
        ("4008001234", ""),
        ("张三先生 13800138000", ""),
        ("上海市徐汇区漕溪路1号", "上海市徐汇区漕溪路1号"),
        ("   ", ""),
    ],
)
def test_a_geocoder_is_asked_for_the_address_alone(address: str, asked: str) -> None:
    assert for_geocoder(address, HANGZHOU) == asked


@given(st.text(max_size=60), st.from_regex(r"1[3-9]\d{9}", fullmatch=True).filter(str.isascii))
def test_no_mobile_number_reaches_a_geocoder(text: str, phone: str) -> None:
    asked = for_geocoder(f"{text[:30]} {phone} {text[30:]}", HANGZHOU)
    assert phone not in asked


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert len(plain(text)) <= 100
    assert read_address(text, HANGZHOU) == read_address(plain(text), HANGZHOU)
