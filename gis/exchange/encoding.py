"""In which encoding the texts of a file are: as it says if that holds, else as it decodes."""

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from gis.errors import BadInput

UTF8, GBK = "UTF-8", "GB18030"  # GB18030 holds all of GBK and of GB 2312
_NAMES = {"936": GBK, "cp936": GBK, "gbk": GBK, "gb2312": GBK, "gb18030": GBK, "ansi936": GBK,
          "utf8": UTF8, "65001": UTF8, "utf8sig": UTF8}  # fmt: skip
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def known(name: str) -> str:
    """Return the encoding of a name as our two, or the name itself."""
    return _NAMES.get(name.strip().lower().replace("-", "").replace("_", ""), name.strip())


def guess(texts: Iterable[bytes], said: str = "") -> str:
    """Return the encoding in which most of the texts decode; ``said`` wins where it is as good.

    A text cut off in the middle of a character by the width of its column decodes in neither.
    """
    found = [text for text in texts if not text.isascii()]
    order = list(dict.fromkeys([*([known(said)] if said else []), UTF8, GBK]))
    wrong = {name: sum(not _decodes(text, name) for text in found) for name in order}
    return min(order, key=lambda name: wrong[name])


def of_text(raw: bytes, asked: str = "") -> tuple[str, str]:
    """Return a text file decoded, and its encoding.

    Raises
    ------
    BadInput
        It is neither in the encoding asked for, nor UTF-8, UTF-16 or GBK.
    """
    marked = next((name for mark, name in MARKS if raw.startswith(mark)), "")
    for name in [marked] if marked else [known(asked)] if asked else [UTF8, GBK]:
        try:
            return raw.decode(name), "UTF-8" if name == "utf-8-sig" else name
        except (UnicodeError, LookupError):
            continue
    raise BadInput("encoding", encoding=asked or "UTF-8、GBK")


def of_dbf(path: Path, asked: str = "") -> str:
    """Return the encoding of a Shapefile's texts: asked for, or of its .cpg, or guessed."""
    dbf, cpg = path.with_suffix(".dbf"), path.with_suffix(".cpg")
    if asked or not dbf.exists():
        return known(asked) or UTF8
    said = cpg.read_text("ascii", "replace") if cpg.exists() else ""
    return guess(_dbf_texts(dbf.read_bytes()), said)


def _decodes(text: bytes, name: str) -> bool:
    try:
        text.decode(name)
    except (UnicodeError, LookupError):
        return False
    return True


def _dbf_texts(raw: bytes) -> list[bytes]:
    """Return the different texts of a dBASE file: its headings and its character columns."""
    if len(raw) < 33:
        return []
    count, head, width = struct.unpack("<IHH", raw[4:12])
    fields = [raw[at : at + 32] for at in range(32, head - 32, 32)]
    names = [one[:11].split(b"\0")[0] for one in fields]
    count = min(count, (len(raw) - head) // max(width, 1))
    rows = np.frombuffer(raw, np.uint8, count * width, head).reshape(count, width)
    texts, at = set(names), 1
    for one in fields:
        size = one[16]
        if one[11:12] == b"C" and count:
            column = np.ascontiguousarray(rows[:, at : at + size]).view(f"S{size}").ravel()
            texts |= {text.rstrip(b" ") for text in np.unique(column).tolist()}
        at += size
    return sorted(texts)
