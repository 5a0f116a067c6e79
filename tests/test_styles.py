"""The style of the map: only what tiles carry, only tokens for colours, each to be told apart."""

import json
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from layers import styles, symbols
from layers.catalogue import LAYERS
from layers.tokens import THEMES, Colours, colours
from tests.seen import DEFICIENT, contrast, difference, lab

CATALOGUE_SETS = {name: layer.sets for name, layer in LAYERS.items()}


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def style(theme: str) -> dict[str, Any]:
    return styles.style("371702", theme, 35.25)


@pytest.fixture
def c(theme: str) -> Colours:
    return colours(theme)


def expressions(value: Any) -> Iterator[list[Any]]:
    """Every list that starts with a word, of paint, layout and filter, from the outside in."""
    if isinstance(value, dict):
        for each in value.values():
            yield from expressions(each)
    elif isinstance(value, list):
        if value and isinstance(value[0], str):
            yield value
        for each in value:
            yield from expressions(each)


def test_every_layer_reads_a_source_and_a_layer_of_its_tiles(style: dict[str, Any]) -> None:
    for layer in style["layers"]:
        if layer["type"] == "background":
            continue
        source = style["sources"][layer["source"]]
        if source["type"] == "vector":
            assert layer["source"] in CATALOGUE_SETS[layer["source-layer"]], layer["id"]
        else:
            assert "source-layer" not in layer


def test_ids_are_unique_and_styles_are_data(style: dict[str, Any]) -> None:
    ids = [layer["id"] for layer in style["layers"]]
    assert len(set(ids)) == len(ids)
    assert json.loads(json.dumps(style)) == style


def test_tiles_carry_what_the_style_asks_for(style: dict[str, Any]) -> None:
    """A property is in the tiles of the zoom at which its layer starts."""
    for layer in style["layers"]:
        if "source-layer" not in layer:
            continue
        carried = LAYERS[layer["source-layer"]].properties
        for asked in (e[1] for e in expressions(layer) if e[0] == "get"):
            assert asked in carried, f"{layer['id']} asks for {asked}"
            assert carried[asked] <= max(13, layer.get("minzoom", 0)), f"{layer['id']}: {asked}"


def test_layers_start_where_their_tiles_do(style: dict[str, Any]) -> None:
    for layer in style["layers"]:
        if "source-layer" in layer and layer.get("minzoom", 0) > 0:
            assert layer["minzoom"] >= LAYERS[layer["source-layer"]].zoom - 2, layer["id"]


def test_every_colour_is_a_token_of_the_theme(style: dict[str, Any], c: Colours) -> None:
    used = set(re.findall(r'"(#[^"]*|rgba?\([^"]*|hsla?\([^"]*)"', json.dumps(style)))
    assert used <= set(c.values())


def test_both_themes_paint_the_same_layers() -> None:
    light, dark = (styles.style("371702", theme, 35.25) for theme in THEMES)
    assert [x["id"] for x in light["layers"]] == [x["id"] for x in dark["layers"]]
    assert light["sources"] == dark["sources"]


def test_zooms_of_interpolations_rise(style: dict[str, Any]) -> None:
    for layer in style["layers"]:
        for e in expressions(layer):
            zooms = e[3::2] if e[0] == "interpolate" else e[3::2] if e[0] == "step" else []
            assert all(a < b for a, b in pairwise(zooms)), (layer["id"], zooms)


def test_no_letter_comes_from_elsewhere(style: dict[str, Any]) -> None:
    assert "glyphs" not in style and "sprite" not in style
    assert "http" not in json.dumps(style)


def test_what_is_painted_over_what(style: dict[str, Any]) -> None:
    order = [layer["id"] for layer in style["layers"]]
    below = ["land", "land-use", "compound", "area-share", "water", "road-casing", "road", "bridge"]
    above = ["railway", "wall", "building", "gate", "edge-grid", "edge-community", "edge-district"]
    labels = ["building-name", "compound-name", "road-name", "veil", "chosen", "path", "place-grid"]
    wanted = [*below, *above, *labels, "place-community", "place-subdistrict", "station"]
    assert [name for name in order if name in wanted] == wanted


@pytest.mark.parametrize(
    ("zoom", "main", "second", "side"),
    [(13, 2.2, 1.7, 1.0), (15, 6.2, 4.2, 2.4), (16, 12.5, 8.3, 4.4), (17, 25, 16.6, 8.8)],
)
def test_roads_have_their_true_width(zoom: int, main: float, second: float, side: float) -> None:
    """At 35°, 90 % of 27, 18 and 9.5 m, or the least; a pixel of z 17 is 0.98 m."""
    for name, wanted in (("main", main), ("second", second), ("side", side)):
        assert styles.width(name, 35.0, zoom) == pytest.approx(wanted, rel=0.03)


def test_roads_grow_with_zoom_and_class() -> None:
    for latitude in (18.0, 35.0, 53.0):
        for name in styles.METRES:
            widths = [styles.width(name, latitude, zoom) for zoom in range(9, 21)]
            assert widths == sorted(widths)
        for zoom in range(13, 21):
            wide = [styles.width(name, latitude, zoom) for name in styles.METRES]
            assert wide == sorted(wide, reverse=True)


def number_of(name: str) -> str:
    """What the style's expression writes, worked out by hand."""
    e = symbols.number()
    assert e[:2] == ["let", "first"] and e[2][0] == "min"
    places = [name.find(case[1][1][1]) for case in e[2][1:]]
    first = min(99 if at < 0 else at for at in places)
    return name if first == 99 else name[first:]


def test_buildings_carry_their_number() -> None:
    assert number_of("利民苑5号楼") == "5号楼"
    assert number_of("银匠胡同372号") == "372号"
    assert number_of("办公楼") == "办公楼"


# ---- colours ---------------------------------------------------------------------------------

LIGHTNESS = {"light": [91, 79, 64, 52, 27], "dark": [28, 42, 61, 71, 89]}
LEAST = {
    "light": {"normal": 16, "deuteranopia": 12.4, "protanopia": 10.7, "tritanopia": 17.5},
    "dark": {"normal": 14, "deuteranopia": 14, "protanopia": 14, "tritanopia": 14},
}
SERVED = {"light": 53.5, "dark": 37.5}


def bands(c: Colours) -> list[str]:
    return [c[f"m{i}"] for i in range(1, 6)]


def test_minutes_step_in_lightness(theme: str, c: Colours) -> None:
    assert [round(lab(colour)[0]) for colour in bands(c)] == LIGHTNESS[theme]


@pytest.mark.parametrize("vision", DEFICIENT)
def test_minutes_are_told_apart(theme: str, c: Colours, vision: str) -> None:
    m = bands(c)
    assert min(difference(a, b, vision) for a, b in combinations(m, 2)) >= LEAST[theme][vision]
    across = min(difference(a, b, vision) for a in m[:3] for b in m[3:])
    assert across >= SERVED[theme], "served and not served part at a glance"


CONTRAST = {
    "light": """ink/paper 15.9 ink/land 14.1 ink-2/paper 6.8 ink-2/sunken 6.3 ink-2/land 6.1
        ink-3/paper 5.0 ink-3/sunken 4.6 chosen/paper 7.9 chosen/chosen-soft 6.7 chosen/land 7.0
        station/paper 5.6 station/land 4.9 served/paper 6.0 served/served-soft 5.2 gap/paper 6.7
        gap/gap-soft 6.0 water-label/water 4.9 park-label/park 5.5 line-field/paper 3.5
        m4/compound 3.9 m5/compound 9.7""",
    "dark": """ink/paper 13.8 ink/sunken 12.4 ink-2/paper 7.5 ink-2/sunken 6.8 ink-3/paper 6.3
        chosen/paper 7.3 chosen/chosen-soft 6.6 station/paper 7.2 served/paper 8.3
        served/served-soft 7.1 gap/paper 8.1 gap/gap-soft 7.3 line-field/paper 4.2""",
}


def test_contrast_is_what_the_interface_says(theme: str, c: Colours) -> None:
    words = CONTRAST[theme].split()
    for pair, ratio in zip(words[::2], map(float, words[1::2]), strict=True):
        one, other = pair.split("/")
        assert contrast(c[one], c[other]) == pytest.approx(ratio, abs=0.11), pair


@pytest.mark.parametrize(
    "pair",
    ["map-label/halo", "map-label/road", "ink/halo", "park-label/halo", "water-label/water"],
)
def test_names_on_the_map_can_be_read(c: Colours, pair: str) -> None:
    one, other = pair.split("/")
    assert contrast(c[one], c[other]) >= 4.5


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="sepia"):
        colours("sepia")


# ---- without WebGL ---------------------------------------------------------------------------

KNOWN = re.findall(
    r'^  (?:"([\w!=-]+)"|([a-z]+)):',
    (Path(__file__).parents[1] / "web/static/js/map/expression.js").read_text("utf-8"),
    re.MULTILINE,
)


def operators(value: Any) -> Iterator[str]:
    """Operators of an expression, not the words in its literals and labels."""
    if isinstance(value, dict):
        for each in value.values():
            yield from operators(each)
    elif isinstance(value, list) and value and isinstance(value[0], str):
        yield value[0]
        inner = [] if value[0] == "literal" else value[1:]
        labels = set(range(1, len(inner) - 1, 2)) if value[0] == "match" else set()
        kind = {0} if value[0] == "interpolate" else set()
        for i, each in enumerate(inner):
            if i not in labels | kind:
                yield from operators(each)


def test_the_renderer_without_webgl_knows_every_expression(style: dict[str, Any]) -> None:
    known = {one or other for one, other in KNOWN}
    for layer in style["layers"]:
        if layer["type"] in ("fill", "line", "circle"):
            used = {*operators(layer["paint"]), *operators(layer.get("layout", {}))}
            used |= set(operators([*layer["filter"]])) if "filter" in layer else set()
            assert used <= known, layer["id"]
