"""Raster tiles of others: where a tile lies, and how one in GCJ-02 is shifted right.

Tiles are the usual 256 pixels of web Mercator; a place in the whole picture of a zoom is counted
in pixels from its north-west corner.
"""

import io
from collections.abc import Callable
from itertools import product
from math import degrees, pi, sinh

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from gis.crs import to_gcj02
from gis.errors import Elsewhere

SIDE = 256  # pixels
TOP = 18
STEPS = 17  # places along a side of a tile where the shift is worked out; straight between them
PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"

Array = NDArray[np.float64]
Fetch = Callable[[int, int], bytes]


def kind_of(body: bytes) -> str | None:
    """Return the media type of a picture by its first bytes, None if it is none of those used."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if body.startswith(b"\xff\xd8\xff"):
        return JPEG
    return WEBP if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else None


def box(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a tile [degrees]."""

    def latitude(row: int) -> float:
        return degrees(np.arctan(sinh(pi * (1 - 2 * row / 2**z))))

    west, east = (column / 2**z * 360 - 180 for column in (x, x + 1))
    return west, latitude(y + 1), east, latitude(y)


def degrees_of(z: int, x: Array, y: Array) -> tuple[Array, Array]:
    """Return longitude and latitude of places in the picture of a zoom."""
    side = SIDE * 2.0**z
    return x / side * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / side))))


def pixels_of(z: int, lon: Array, lat: Array) -> tuple[Array, Array]:
    """Return the places of longitude and latitude in the picture of a zoom [pixels]."""
    side = SIDE * 2.0**z
    x = (lon / 360 + 0.5) * side
    return x, (0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)) * side


def shifted(z: int, x: int, y: int) -> tuple[Array, Array]:
    """Return, for the middle of each pixel of a tile, the place of a GCJ-02 picture to look at.

    Both are (256, 256), rows from the north [pixels of the whole picture]. The shift is worked
    out at every sixteenth pixel: between them it is straight to a hundredth of a pixel.
    """
    knots: Array = np.linspace(0, SIDE, STEPS, dtype=np.float64)
    gx, gy = np.meshgrid(x * SIDE + knots, y * SIDE + knots)
    sx, sy = pixels_of(z, *to_gcj02(*degrees_of(z, gx, gy)))
    middle: Array = np.arange(SIDE, dtype=np.float64) + 0.5
    dx, dy = (_between(knots, one, middle) for one in (sx - gx, sy - gy))
    return x * SIDE + middle[None, :] + dx, y * SIDE + middle[:, None] + dy


def _between(knots: Array, values: Array, at: Array) -> Array:
    """Interpolate (n, n) values at knots along both sides."""
    rows = np.stack([np.interp(at, knots, row) for row in values])
    return np.stack([np.interp(at, knots, column) for column in rows.T], axis=1)


def put_right(z: int, x: int, y: int, fetch: Fetch) -> bytes:
    """Return a tile made of the pixels of a GCJ-02 picture that belong there.

    ``fetch(x, y)`` returns a tile of that picture at the same zoom; one to four are asked for.

    Raises
    ------
    Elsewhere
        What was fetched is no picture of 256 pixels.
    """
    sx, sy = shifted(z, x, y)
    sx, sy = sx - 0.5, sy - 0.5  # the middles of its pixels count from 0 then
    first = int(np.floor(sx.min())) // SIDE, int(np.floor(sy.min())) // SIDE
    last = (int(np.floor(sx.max())) + 1) // SIDE, (int(np.floor(sy.max())) + 1) // SIDE
    across, down = last[0] - first[0] + 1, last[1] - first[1] + 1
    whole = np.zeros((down * SIDE, across * SIDE, 4), np.float32)
    kinds = set()
    for i, j in product(range(across), range(down)):
        body = fetch(first[0] + i, first[1] + j)
        kinds.add(kind_of(body))
        whole[j * SIDE : (j + 1) * SIDE, i * SIDE : (i + 1) * SIDE] = pixels(body)
    made = _sampled(whole, sx - first[0] * SIDE, sy - first[1] * SIDE)
    return _encoded(made, JPEG if kinds == {JPEG} else PNG)


def pixels(body: bytes) -> NDArray[np.uint8]:
    """Return a tile's pixels: (256, 256, 4), red, green, blue, opacity.

    Raises
    ------
    Elsewhere
        It is no picture of 256 pixels.
    """
    try:
        with Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.size == (SIDE, SIDE):  # looked at before it is unpacked
                return np.asarray(picture.convert("RGBA"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        pass
    raise Elsewhere("basemap_answer")


def _sampled(whole: NDArray[np.float32], x: Array, y: Array) -> NDArray[np.uint8]:
    """Look at places between pixels: each of the four about them counts by its nearness.

    Colours count as much as they are opaque, or labels would get dark rims.
    """
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, below = (x - left)[..., None], (y - top)[..., None]
    whole = whole.copy()
    whole[..., :3] *= whole[..., 3:] / 255
    upper = whole[top, left] * (1 - right) + whole[top, left + 1] * right
    lower = whole[top + 1, left] * (1 - right) + whole[top + 1, left + 1] * right
    mixed = upper * (1 - below) + lower * below
    mixed[..., :3] /= np.maximum(mixed[..., 3:], 0.5) / 255
    seen: NDArray[np.uint8] = np.clip(np.round(mixed), 0, 255).astype(np.uint8)
    return seen


def _encoded(made: NDArray[np.uint8], kind: str) -> bytes:
    out = io.BytesIO()
    if kind == JPEG:
        Image.fromarray(made[..., :3]).save(out, "JPEG", quality=88)
    else:
        Image.fromarray(made).save(out, "PNG", compress_level=3)
    return out.getvalue()
