"""The board's scripts and styles as one text each, so that a page can carry them inside.

Browsers load no modules from a file that was sent around. Each module becomes a function that returns what it exports, in an
order in which each finds what it imports; our modules import one another by name and in no circle.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[1] / "static"

STYLES: Final = (
    "vendor/leaflet/leaflet.css",
    "board/base.css",
    "board/board.css",
    "board/timeline.css",
    "board/side.css",
    "board/phone.css",
    "try/try.css",
)

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) ([\w$]+))", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)


@cache
def bundle_scripts() -> str:
    """Return the map's library and all of the board's modules as one classic script."""
    order: list[str] = []
    _visit("main", order)
    body = "\n".join(f"const {_name(module)} = (() => {{\n{_wrap(module)}\n}})();" for module in order)
    library = (
        (STATIC / "vendor/leaflet/leaflet.js").read_text("utf-8").replace("\n//# sourceMappingURL=leaflet.js.map", "")
    )
    pages = (STATIC / "try/pages.js").read_text("utf-8")
    return _embeddable(f'{library}\n(() => {{\n"use strict";\n{body}\n{pages}\n}})();\n')


@cache
def bundle_styles() -> str:
    """Return all styles; what they would load from elsewhere is left out."""
    text = "\n".join((STATIC / name).read_text("utf-8") for name in STYLES)
    return _embeddable(re.sub(r"url\([^)]*\)", "none", text))


def find_modules() -> list[str]:
    """Return the modules that the board needs, each after those that it imports."""
    order: list[str] = []
    _visit("main", order)
    return order


def _visit(module: str, order: list[str], above: tuple[str, ...] = ()) -> None:
    """Add a module after what it imports."""
    if module in above:
        raise ValueError(f"modules import one another in a circle: {' → '.join((*above, module))}")
    for _, other in _IMPORT.findall(_read(module)):
        if other not in order:
            _visit(other, order, (*above, module))
    if module not in order:
        order.append(module)


def _wrap(module: str) -> str:
    """Return a module's text with its imports as variables and its exports returned."""
    text = _read(module)
    exported = [match.group(1) for match in _EXPORT.finditer(text)]
    text = _IMPORT.sub(
        lambda match: f"const {{{match.group(1).replace(' as ', ': ')}}} = {_name(match.group(2))};", text
    )
    text = _EXPORT.sub("", text)
    if _LEFT.search(text):
        raise ValueError(f"{module}.js imports or exports in a way that is not bundled")
    return f"{text}\nreturn {{ {', '.join(exported)} }};"


def _name(module: str) -> str:
    return f"module_{module.replace('-', '_')}"


def _read(module: str) -> str:
    return (STATIC / "board" / f"{module}.js").read_text("utf-8")


def _embeddable(text: str) -> str:
    """Return a text that ends no element it stands in."""
    if "</script" in text.lower() or "</style" in text.lower() or "<!--" in text:
        raise ValueError("a script or style holds what would end its element")
    return text
