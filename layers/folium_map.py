"""The Folium map that frames every map page, in parts, with nothing from elsewhere.

Every link that Folium or one of its plugins would emit passes through one place, which knows our
own copies and refuses everything else. No text of a user or of the database goes into Folium's
templates: it would become part of a script. Data reaches the page as JSON or as tiles.
"""

import math
import re
from typing import Any, Self

import folium
from branca.element import Figure, Link
from folium.elements import JSCSSMixin
from folium.template import Template

VENDOR = "/static/vendor"
STATIC = "/static/"
LEAFLET = f"{VENDOR}/leaflet/dist"
MAPLIBRE = f"{VENDOR}/maplibre-gl/dist"
GLUE = f"{VENDOR}/@maplibre/maplibre-gl-leaflet"

OWN_COPY = {
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js": f"{LEAFLET}/leaflet.js",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css": f"{LEAFLET}/leaflet.css",
}

MAX_ZOOM = 19
WIDTH = 1000
"""Pixels that the whole of a district should fit into at first; the page then fits it exactly."""
NARROW = 300
"""Pixels that it always fills: farther out there is nothing to see."""

Box = tuple[float, float, float, float]


class UnmappedLink(ValueError):
    """Something would be loaded from an address that is not ours."""


def own_address(url: str) -> str:
    """Return where our own copy of a script or style lies.

    Raises
    ------
    UnmappedLink
        There is no copy: the page would ask somebody else's server.
    """
    if url.startswith(STATIC):
        return url
    if url not in OWN_COPY:
        raise UnmappedLink(f"{url} has no copy under {VENDOR}; add it to OWN_COPY or do without")
    return OWN_COPY[url]


_link = Link.__init__


def _own_link(self: Any, url: str, download: bool = False) -> None:
    _link(self, own_address(url), download)


setattr(Link, "__init__", _own_link)  # noqa: B010


class Ground(JSCSSMixin):
    """MapLibre inside Leaflet: its scripts, and its worker, which may not be made from text."""

    default_js = [  # noqa: RUF012
        ("maplibre", f"{MAPLIBRE}/maplibre-gl-csp.js"),
        ("maplibre_leaflet", f"{GLUE}/leaflet-maplibre-gl.js"),
    ]
    default_css = [("maplibre_css", f"{MAPLIBRE}/maplibre-gl.css")]  # noqa: RUF012
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            maplibregl.setWorkerUrl({{ this.worker|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.worker = f"{MAPLIBRE}/maplibre-gl-csp-worker.js"


class Frame(folium.Map):
    """The map of a district: an empty Leaflet map, which the modules of ``js/map`` fill.

    Parameters
    ----------
    district
        Its code; only digits get here.
    box
        West, south, east, north in degrees.
    """

    default_js = [("leaflet", f"{LEAFLET}/leaflet.js")]  # noqa: RUF012
    default_css = [("leaflet_css", f"{LEAFLET}/leaflet.css")]  # noqa: RUF012
    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="map" id={{ this.get_name()|tojson }} data-district={{ this.district|tojson }}></div>
        {% endmacro %}

        {% macro script(this, kwargs) %}
            {
                const element = document.getElementById({{ this.get_name()|tojson }});
                element.leaflet = L.map(element, {
                    center: {{ this.location|tojson }},
                    ...{{ this.options|tojavascript }}
                });
                element.leaflet.attributionControl.setPrefix(false);
            }
        {% endmacro %}
        """  # noqa: E501
    )

    def __init__(self, district: str, box: Box) -> None:
        if not district.isdigit():
            raise ValueError(f"{district!r} is no code of a district")
        west, south, east, north = box
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=None,
            zoom_control=False,
            zoom_snap=0.25,
            wheel_px_per_zoom_level=90,
            bounce_at_zoom_limits=False,
        )
        self._id = "main"  # one map a page: the same page twice is the same text
        zooms = {"zoom": WIDTH, "minZoom": NARROW}  # Folium takes no quarters
        self.options |= {name: zoom_of(box, width) for name, width in zooms.items()}
        self.options["maxZoom"] = MAX_ZOOM
        self.district = district
        Ground().add_to(self, name="ground")

    @classmethod
    def of(cls, district: str, box: Box | None) -> Self:
        """Return the map of a district whose extent may not be known: then of China."""
        return cls(district, box or (73.5, 18.0, 135.1, 53.6))

    def parts(self, nonce: str) -> dict[str, str]:
        """Return ``header``, ``html`` and ``script`` for the page's own template.

        Parameters
        ----------
        nonce
            Of this answer; every script carries it.
        """
        root = self.get_root()
        assert isinstance(root, Figure)
        root.header._children.pop("meta_http", None)  # the page says its own
        root.render()
        script = f"<script>{root.script.render()}</script>"
        parts = {"header": root.header.render(), "html": root.html.render(), "script": script}
        return {name: with_nonce(part, nonce) for name, part in parts.items()}


def with_nonce(text: str, nonce: str) -> str:
    """Return HTML whose scripts carry the nonce.

    Raises
    ------
    ValueError
        The nonce is not made of letters, digits, ``-`` and ``_``.
    """
    if not re.fullmatch(r"[\w-]+", nonce, re.ASCII):
        raise ValueError("a nonce is letters, digits, - and _")
    return re.sub(r"<script\b", f'<script nonce="{nonce}"', text)


def zoom_of(box: Box, width: float) -> float:
    """Return the zoom, in quarters, at which a box fits into so many pixels each way."""
    west, south, east, north = box
    span = max((east - west) / 360, (_mercator(north) - _mercator(south)) / (2 * math.pi), 1e-6)
    return min(MAX_ZOOM, max(0, math.floor(4 * math.log2(width / 256 / span)) / 4))


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))
