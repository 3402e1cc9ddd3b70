from __future__ import annotations

import re

from web.try_day.bundle import STATIC, bundle_scripts, bundle_styles, find_modules


def test_every_module_of_the_board_is_inside_and_follows_what_it_imports() -> None:
    order = find_modules()
    assert sorted(order) == sorted(path.stem for path in (STATIC / "board").glob("*.js"))
    for module in order:
        text = (STATIC / "board" / f"{module}.js").read_text("utf-8")
        assert all(order.index(other) < order.index(module) for other in re.findall(r'from "\./([\w-]+)\.js"', text))


def test_scripts_are_one_classic_script() -> None:
    own = bundle_scripts().split('"use strict";')[-1]
    assert not re.search(r"^\s*(?:import|export)\b", own, re.MULTILINE)


def test_styles_load_nothing() -> None:
    assert "url(" not in bundle_styles()
    assert "@import" not in bundle_styles()
