from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.places.found import Clues, Found
from dispatch.places.geocoding import Answer, Asking
from dispatch.places.hangzhou import get_hangzhou
from dispatch.places.locate import BEYOND_M, locate, locate_all
from dispatch.places.region import Region
from tests.dispatch.places.fakes import FakeClock, FakeGeocoder

HANGZHOU = get_hangzhou()
IN_XIHU = Point(30.2811, 120.1213)
IN_YUHANG = Point(30.2791, 119.9991)
WENSAN = "西湖区文三路138号"
ASKED = f"杭州市{WENSAN}"


def at(point: Point, how: str, *, exact: bool = True) -> Point:
    """Return a point as it is found some way."""
    return replace(point, found_by=FoundBy(how), precision=Precision.EXACT if exact else Precision.APPROXIMATE)


def codes(found: Found) -> list[str]:
    return [doubt.code for doubt in found.doubts]


def test_the_known_site_comes_before_everything() -> None:
    geocoder = FakeGeocoder({ASKED: Answer(IN_YUHANG, exact=True)})
    found = locate(Clues(WENSAN, IN_XIHU, Point(30.1, 120.2)), HANGZHOU, geocoder=Asking(geocoder))
    assert (found.point, found.doubts) == (at(IN_XIHU, "site"), ())
    assert geocoder.asked == []


def test_the_rows_coordinates_come_before_the_geocoder() -> None:
    geocoder = FakeGeocoder({ASKED: Answer(IN_YUHANG, exact=True)})
    found = locate(Clues(WENSAN, None, Point(30.2811, 120.1213)), HANGZHOU, geocoder=Asking(geocoder))
    assert found.point == at(IN_XIHU, "coordinates")
    assert geocoder.asked == []


def test_the_geocoder_comes_before_the_district() -> None:
    geocoder = FakeGeocoder({ASKED: Answer(IN_XIHU, exact=True)})
    found = locate(Clues(f"{WENSAN} 张三 13800138000"), HANGZHOU, geocoder=Asking(geocoder))
    assert found.point == at(IN_XIHU, "geocoder")
    assert geocoder.asked == [ASKED]


def test_the_district_comes_before_the_region() -> None:
    found = locate(Clues(WENSAN), HANGZHOU)
    assert found.point == at(Point(30.28, 120.12), "district", exact=False)
    assert found.district == "330106"


def test_of_nothing_the_regions_centre_is_left() -> None:
    found = locate(Clues(), HANGZHOU)
    assert found.point == at(HANGZHOU.centre, "region", exact=False)
    assert found.why.say("zh") == "地址中没有可识别的区县，暂放在杭州市中心"
    assert found.why.say("en").startswith("the address names no district")


@pytest.mark.parametrize("clues", [Clues(WENSAN, Point(0, 0)), Clues(WENSAN, None, Point(0, 0))])
def test_what_empty_cells_become_is_reported_and_the_next_way_is_taken(clues: Clues) -> None:
    found = locate(clues, HANGZHOU)
    assert (found.point.found_by, codes(found)) == ("district", ["impossible"])


def test_a_swap_that_is_possible_but_in_the_sea_is_suggested_too() -> None:
    """Where latitudes and longitudes overlap, a swapped point is possible and far away."""
    region = Region("甲市", "A", "", Point(20.0, 80.0), radius_m=50_000)
    found = locate(Clues("", None, Point(80.0, 20.0)), region)
    assert (found.point.found_by, codes(found), found.suggestion) == (
        "region",
        ["beyond_region", "swapped"],
        Point(20.0, 80.0),
    )


def test_coordinates_a_little_outside_are_kept_and_reported() -> None:
    found = locate(Clues("", None, Point(30.7523, 120.7501)), HANGZHOU)  # Jiaxing
    assert (found.point.found_by, codes(found), found.district) == ("coordinates", ["outside_region"], None)


def test_coordinates_nowhere_near_are_reported_and_not_used() -> None:
    found = locate(Clues(WENSAN, None, Point(39.9042, 116.4074)), HANGZHOU)  # Beijing
    assert (found.point.found_by, codes(found)) == ("district", ["beyond_region"])


def test_a_point_far_from_the_district_that_the_address_names_is_reported() -> None:
    found = locate(Clues(WENSAN, None, Point(30.4201, 120.2991)), HANGZHOU)  # Linping
    assert (found.point.found_by, found.point.is_exact, codes(found)) == ("coordinates", True, ["far_from_district"])
    assert "西湖区" in found.doubts[0].say("zh")


def test_a_point_just_over_the_boundary_is_in_no_doubt() -> None:
    """Boundaries are simplified: up to five kilometres are forgiven."""
    xihu = next(one for one in HANGZHOU.districts if one.name == "西湖区")
    near = [Point(30.2811, 120.1213 + step / 1000) for step in range(120)]
    outside = [(point, xihu.metres_to(point)) for point in near]
    last = max((pair for pair in outside if 0 < pair[1] <= 5000), key=lambda pair: pair[1])[0]
    first = min((pair for pair in outside if pair[1] > 5000), key=lambda pair: pair[1])[0]
    assert codes(locate(Clues(WENSAN, last), HANGZHOU)) == []
    assert codes(locate(Clues(WENSAN, first), HANGZHOU)) == ["far_from_district"]


def test_coordinates_of_few_decimals_stay_approximate_and_are_reported() -> None:
    found = locate(Clues("", None, Point(30.28, 120.12, Precision.APPROXIMATE)), HANGZHOU)
    assert (found.point.found_by, found.point.is_exact, codes(found)) == ("coordinates", False, ["coarse"])


def test_a_rough_answer_of_a_geocoder_is_approximate() -> None:
    geocoder = FakeGeocoder({ASKED: Answer(IN_XIHU, exact=False)})
    found = locate(Clues(WENSAN), HANGZHOU, geocoder=Asking(geocoder))
    assert (found.point.found_by, found.point.is_exact, found.why.code) == ("geocoder", False, "geocoder_roughly")


def test_a_geocoder_that_knows_nothing_leaves_the_district() -> None:
    found = locate(Clues(WENSAN), HANGZHOU, geocoder=Asking(FakeGeocoder()))
    assert (found.point.found_by, codes(found)) == ("district", ["not_found"])


def test_a_geocoders_answer_in_another_province_is_not_believed() -> None:
    geocoder = FakeGeocoder({ASKED: Answer(Point(28.68, 115.89), exact=True)})
    found = locate(Clues(WENSAN), HANGZHOU, geocoder=Asking(geocoder))
    assert (found.point.found_by, codes(found)) == ("district", ["beyond_region"])


def test_a_dead_geocoder_costs_two_questions_and_every_row_says_so() -> None:
    geocoder = FakeGeocoder({f"杭州市西湖区文三路{n}号": "timed_out" for n in range(5)})
    rows = [Clues(f"西湖区文三路{n}号") for n in range(5)]
    found = locate_all(rows, HANGZHOU, geocoder=Asking(geocoder))
    assert len(geocoder.asked) == 2
    assert [(one.point.found_by, codes(one)) for one in found] == [("district", ["geocoder_failed"])] * 5
    assert found[4].doubts[0].say("zh") == "Fake 没有及时回答"


def test_rows_after_the_time_is_used_up_say_that_nobody_was_asked_about_them() -> None:
    clock = FakeClock()
    geocoder = FakeGeocoder(clock=clock, takes_s=3)
    rows = [Clues(f"西湖区文三路{n}号") for n in range(3)]
    found = locate_all(rows, HANGZHOU, geocoder=Asking(geocoder, budget_s=3, clock=clock))
    assert [codes(one) for one in found] == [["not_found"], ["geocoder_failed"], ["geocoder_failed"]]
    assert found[1].doubts[0].say("zh") == "Fake 没有被问到：查地址的时间已用完"
    assert found[2].doubts[0].say("en") == "Fake was not asked: the time for looking up addresses was used up"


def test_nobody_is_asked_about_a_row_without_an_address() -> None:
    geocoder = FakeGeocoder()
    assert locate(Clues(" "), HANGZHOU, geocoder=Asking(geocoder)).point.found_by == "region"
    assert geocoder.asked == []


def test_an_address_in_another_city_is_put_in_the_middle_with_a_doubt() -> None:
    found = locate(Clues("上海市西湖区文三路"), HANGZHOU)
    assert (found.point.found_by, codes(found)) == ("region", ["other_city"])


def test_one_bad_row_spoils_no_other() -> None:
    good = Clues(WENSAN, None, Point(30.2811, 120.1213))
    rows = [good, Clues("\x00", None, Point(-90, 180)), good]
    found = locate_all(rows, HANGZHOU)
    assert found[0] == found[2] == locate(good, HANGZHOU)


POINTS = st.none() | st.builds(Point, st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(Precision))


@given(address=st.text(max_size=40), point=POINTS)
def test_whatever_a_sheet_holds_there_is_a_point_with_a_reason(address: str, point: Point | None) -> None:
    found = locate(Clues(address, None, point), HANGZHOU)
    assert HANGZHOU.metres_to(found.point) <= BEYOND_M
    assert found.why.zh
    assert found.why.en
    assert not found.point.is_exact or found.point.found_by is FoundBy.COORDINATES
    assert all(doubt.zh and doubt.en for doubt in found.doubts)
