"""Files that are too large, or pretend to be small: refused before anything reads them."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from gis.errors import BadInput

MB = 1024 * 1024
FILE_MB, UNPACKED_MB, PARTS = 512, 1024, 2000
RATIO = 300  # a spreadsheet shrinks to a tenth or a fiftieth, a bomb to a thousandth
CHUNK = 1 << 20
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def check(path: Path) -> None:
    """Refuse a file that is not there, empty or too large; a zip also by what it holds.

    Raises
    ------
    BadInput
        With the sizes in megabytes.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadInput("cannot_read", file=path.name, reason=error.strerror) from None
    if size == 0:
        raise BadInput("file_empty", file=path.name)
    if size > FILE_MB * MB:
        raise BadInput("file_large", file=path.name, mb=size // MB, most=FILE_MB)


def check_zip(path: Path) -> None:
    """Unpack a zip into nothing, counting: what its own directory says may be a lie."""
    with _opened(path) as parts:
        left = _allowed(path)
        for part in parts.infolist():
            with parts.open(part) as stream:
                left = _counted(path, stream, left)


@contextmanager
def shapefiles(path: Path) -> Iterator[list[Path]]:
    """Unpack the Shapefiles of a zip under names of our own; yield their main files, by name.

    The n-th is ``n/NAME.shp`` (a table without shapes ``.dbf``), what belongs to it beside it.
    """
    with TemporaryDirectory(prefix="yige-") as folder, _opened(path) as parts:
        found: dict[str, Path] = {}
        left = _allowed(path)
        for part in sorted(parts.infolist(), key=lambda p: p.filename):
            name = PurePosixPath(_name(part))
            if name.suffix.lower() not in SHAPEFILE or name.parts[0] == "__MACOSX":
                continue
            stem = str(name.with_suffix("")).lower()
            home = found.setdefault(stem, Path(folder, str(len(found)), _safe(name.stem)))
            home.parent.mkdir(exist_ok=True)
            target = home.with_name(home.name + name.suffix.lower())
            with parts.open(part) as stream, target.open("wb") as into:
                left = _counted(path, stream, left, into)
        yield [main for home in found.values() if (main := _main(home)) is not None]


def _main(home: Path) -> Path | None:
    """Return the file that stands for a Shapefile: its shapes, or its table if it has none."""
    both = (home.with_name(home.name + suffix) for suffix in (".shp", ".dbf"))
    return next((path for path in both if path.exists()), None)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as parts:
            if len(parts.infolist()) > PARTS:
                raise BadInput("zip_parts", file=path.name, most=PARTS)
            if any(part.flag_bits & 1 for part in parts.infolist()):
                raise BadInput("zip_locked", file=path.name)
            yield parts
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise BadInput("zip_broken", file=path.name, reason=error) from None


def _allowed(path: Path) -> int:
    """Return how many bytes a zip may hold: a flat limit, and one by its own size."""
    return min(UNPACKED_MB * MB, max(RATIO * path.stat().st_size, 50 * MB))


def _counted(path: Path, stream: IO[bytes], left: int, into: IO[bytes] | None = None) -> int:
    """Read a part to its end, and return how many bytes may still come."""
    while chunk := stream.read(CHUNK):
        left -= len(chunk)
        if left < 0:
            raise BadInput("zip_bomb", file=path.name, mb=_allowed(path) // MB)
        if into is not None:
            into.write(chunk)
    return left


def _name(part: zipfile.ZipInfo) -> str:
    """Return a part's name; Chinese Windows writes GBK without saying so."""
    if part.flag_bits & 0x800:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _safe(stem: str) -> str:
    return "".join(c if c.isalnum() or c in "-_ " else "_" for c in stem)[:80] or "layer"
