"""Is a file a whole OpenStreetMap PBF, and are its objects in order? Pure: no database.

The format is a row of blocks: four bytes with the length of a small header, the header, in which
stands the length of the data, the data (OpenStreetMap wiki, *PBF Format*).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import osmium

from gis.errors import BadInput

MAX_HEADER = 65536  # bytes, by the format


def check(path: Path) -> None:
    """Refuse a file that is not of the format or ends inside a block.

    Raises
    ------
    BadInput
        The file cannot be read, is another format, or is cut off.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if b"OSMHeader" not in file.read(64):
                raise BadInput("not_pbf", file=path.name)
            file.seek(0)
            while file.tell() < size:
                end = _end_of_block(file)
                if end is None or end > size:
                    raise BadInput("cut_off", file=path.name)
                file.seek(end)
    except OSError as error:
        raise BadInput("cannot_read", file=path, reason=error.strerror) from None


def _end_of_block(file: BinaryIO) -> int | None:
    """Return where the block that begins here ends, or None if it has no whole header."""
    length = int.from_bytes(file.read(4), "big")
    header = file.read(min(length, MAX_HEADER))
    size = _data_size(header)
    return file.tell() + size if len(header) == length and size is not None else None


def _data_size(header: bytes) -> int | None:
    """Return field 3 of a protobuf message of texts and one integer; None if there is none."""
    at = 0
    while at < len(header):
        tag = header[at]
        value, at = _varint(header, at + 1)
        if tag == 3 << 3:
            return value
        at += value  # a text: pass it over
    return None


def _varint(header: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins here, seven bits a byte, and where it ends."""
    value, shift = 0, 0
    for byte in header[at:]:
        value, shift = value | (byte & 127) << shift, shift + 7
        if byte < 128:
            break
    return value, at + shift // 7


def is_out_of_order(error: Exception) -> bool:
    """Tell whether the reader refused a file because its objects are not in order."""
    return "out of order" in str(error) or "twice in input" in str(error)


@contextmanager
def in_order(path: Path) -> Iterator[Path]:
    """Yield a copy of the file in order of kind and number, of each object the newest version."""
    reader = osmium.MergeInputReader()
    reader.add_file(str(path))
    with TemporaryDirectory(prefix="yige-osm-") as folder:
        copy = Path(folder) / "in_order.osm.pbf"
        with osmium.SimpleWriter(str(copy)) as writer:
            reader.apply(writer, simplify=True)
        yield copy
