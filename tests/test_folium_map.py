"""The frame of the map: nothing from elsewhere, a nonce on every script, no text of the data."""

import re

import folium
import pytest
from folium.plugins import MarkerCluster

from layers.folium_map import Frame, UnmappedLink, own_address, with_nonce, zoom_of
from web.assets import FILES

MUDAN = (115.428, 35.234, 115.471, 35.268)


@pytest.fixture
def parts() -> dict[str, str]:
    return Frame("371702", MUDAN).parts("n0nce")


def test_every_address_is_a_file_that_setup_installs(parts: dict[str, str]) -> None:
    text = "".join(parts.values())
    found = re.findall(r'(?:src|href)="([^"]*)"', text)
    found += re.findall(r'setWorkerUrl\("([^"]*)"', text)
    assert {name.removeprefix("/static/vendor/") for name in found} == set(FILES)
    assert "http" not in text and "jquery" not in text.lower()


def test_leaflet_comes_before_what_needs_it(parts: dict[str, str]) -> None:
    scripts = re.findall(r'src="[^"]*/([^/"]*)"', parts["header"])
    assert scripts == ["leaflet.js", "maplibre-gl-csp.js", "leaflet-maplibre-gl.js"]


def test_every_script_carries_the_nonce(parts: dict[str, str]) -> None:
    text = "".join(parts.values())
    assert text.count("<script") == text.count('<script nonce="n0nce"') == 4
    assert not re.search(r"\son\w+=", text)


def test_the_frame_says_how_it_may_be_moved(parts: dict[str, str]) -> None:
    assert '"maxZoom": 19' in parts["script"] and '"zoomControl": false' in parts["script"]
    assert "setPrefix(false)" in parts["script"]
    assert "user-scalable" not in parts["header"]


def test_the_same_page_twice_is_the_same_text(parts: dict[str, str]) -> None:
    assert Frame("371702", MUDAN).parts("n0nce") == parts


def test_what_asks_another_server_is_refused() -> None:
    frame = Frame("371702", MUDAN)
    MarkerCluster().add_to(frame)
    with pytest.raises(UnmappedLink, match="markercluster"):
        frame.parts("n0nce")
    with pytest.raises(UnmappedLink):
        folium.Map(tiles=None).get_root().render()


@pytest.mark.parametrize(
    "url", ["//evil/x.js", "http://127.0.0.1/x.js", "https://cdn/x.js", "x.js"]
)
def test_only_our_own_address_is_ours(url: str) -> None:
    with pytest.raises(UnmappedLink):
        own_address(url)


@pytest.mark.parametrize("code", ["</script>", "`${alert(1)}`", "", "37 17"])
def test_no_text_gets_into_the_frame(code: str) -> None:
    with pytest.raises(ValueError, match="no code"):
        Frame(code, MUDAN)


@pytest.mark.parametrize("nonce", ['"><script>', "", "a b"])
def test_a_nonce_is_no_markup(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        with_nonce("<script>", nonce)


def test_a_box_fits_at_its_zoom_and_not_one_quarter_closer() -> None:
    west, _, east, _ = MUDAN
    zoom = zoom_of(MUDAN, 1000)
    pixels = (east - west) / 360 * 256 * 2**zoom
    assert pixels <= 1000 < pixels * 2**0.25 * 1.01
    assert zoom * 4 == int(zoom * 4)


def test_a_district_without_extent_shows_china() -> None:
    assert Frame.of("371702", None).options["zoom"] < 5
