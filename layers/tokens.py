"""The colours of the interface, read from the style sheet: there is one list of them."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

SHEET = Path(__file__).parents[1] / "web" / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")

_BLOCK = re.compile(r"(:root|\[data-theme=dark\])\s*\{([^}]*)\}")
_COLOUR = re.compile(r"--([\w-]+)\s*:\s*(#[0-9A-Fa-f]{6})\s*;")

Colours = Mapping[str, str]


@cache
def colours(theme: str) -> Colours:
    """Return the colours of a theme by token, ``#RRGGBB``; dark repeats what it does not change.

    Raises
    ------
    ValueError
        There is no such theme.
    """
    if theme not in THEMES:
        raise ValueError(f"{theme!r} is no theme; there are {', '.join(THEMES)}")
    found: dict[str, str] = {}
    for selector, body in _BLOCK.findall(SHEET.read_text("utf-8")):
        if selector == ":root" or theme == "dark":
            found |= dict(_COLOUR.findall(body))
    return MappingProxyType(found)
