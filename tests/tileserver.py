"""A server of tiles as others run them, good and bad, in a process of its own: ``python FILE``.

It prints its port. The first part of the path says how it behaves; ``/asked`` lists what it was
asked for. The pictures show dots at every thousandth of a degree, black on white: in `gcj02` at
their places in that datum.
"""

import io
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from gis.crs import to_gcj02

STEP = 0.001  # degrees
SIGMA = 2.0  # pixels


def picture(z: int, x: int, y: int, gcj02: bool, form: str = "PNG") -> bytes:
    """Draw a tile; the places of the dots are worked out point by point."""
    side = 256 * 2**z
    lon, lat = x / 2**z * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / 2**z))))
    about = np.arange(-12, 25) * STEP
    lons, lats = np.meshgrid(np.round(lon / STEP) * STEP + about,
                             np.round(lat / STEP) * STEP - about)  # fmt: skip
    if gcj02:
        lons, lats = to_gcj02(lons, lats)
    px = (lons / 360 + 0.5) * side - x * 256
    py = (0.5 - np.arcsinh(np.tan(np.radians(lats))) / (2 * np.pi)) * side - y * 256
    grey = np.zeros((256, 256))
    middle = np.arange(256) + 0.5
    for dx, dy in zip(px.ravel(), py.ravel(), strict=True):
        if -10 < dx < 266 and -10 < dy < 266:
            grey += np.outer(np.exp(-(((middle - dy) / SIGMA) ** 2) / 2),
                             np.exp(-(((middle - dx) / SIGMA) ** 2) / 2))  # fmt: skip
    image = Image.fromarray(np.round(255 * (1 - np.clip(grey, 0, 1))).astype(np.uint8))
    out = io.BytesIO()
    image.convert("RGB").save(out, form, **({"quality": 95} if form == "JPEG" else {}))
    return out.getvalue()


class Handler(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        if self.path == "/asked":
            return self._send(200, "application/json", json.dumps(self.asked).encode())
        self.asked.append(self.path)
        mode, *rest = urlsplit(self.path).path.strip("/").split("/")
        if mode.endswith("_w"):
            asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
            rest = [asked["TILEMATRIX"], asked["TILECOL"], asked["TILEROW"]]
        z, x, y = (int(part) for part in rest[:3])
        return getattr(self, f"_{mode}", self._good)(z, x, y)

    def _good(self, z: int, x: int, y: int) -> None:
        self._send(200, "image/png", picture(z, x, y, False))

    def _gcj02(self, z: int, x: int, y: int) -> None:
        self._send(200, "image/png", picture(z, x, y, True))

    def _photo(self, z: int, x: int, y: int) -> None:
        self._send(200, "image/jpeg", picture(z, x, y, True, "JPEG"))

    def _wait(self, z: int, x: int, y: int) -> None:
        time.sleep(0.5)
        self._good(z, x, y)

    def _silent(self, z: int, x: int, y: int) -> None:
        time.sleep(30)

    def _drip(self, z: int, x: int, y: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        for byte in picture(z, x, y, False):
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.2)

    def _redirect(self, z: int, x: int, y: int) -> None:
        self.send_response(302)
        self.send_header("Location", f"/good/{z}/{x}/{y}")
        self.end_headers()

    def _page(self, z: int, x: int, y: int) -> None:
        self._send(200, "text/html", b"<html>no picture</html>")

    def _liar(self, z: int, x: int, y: int) -> None:
        self._send(200, "image/png", b"<svg onload='alert(1)'/>")

    def _small(self, z: int, x: int, y: int) -> None:
        out = io.BytesIO()
        Image.new("RGB", (16, 16)).save(out, "PNG")
        self._send(200, "image/png", out.getvalue())

    def _huge(self, z: int, x: int, y: int) -> None:
        self._send(200, "image/png", b"\x89PNG\r\n\x1a\n" + bytes(3_000_000))

    def _half(self, z: int, x: int, y: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(picture(z, x, y, False)[:200])

    def _refused(self, z: int, x: int, y: int) -> None:
        self._send(403, "application/json", b'{"code":301015,"msg":"no such key"}')

    def _none(self, z: int, x: int, y: int) -> None:
        self._send(404, "text/plain", b"")

    def _broken(self, z: int, x: int, y: int) -> None:
        self._send(500, "text/plain", b"")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None: ...


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
