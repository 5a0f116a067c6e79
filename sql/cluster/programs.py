"""PostgreSQL's own programs: the newest installed version that has PostGIS."""

from dataclasses import dataclass
from pathlib import Path

from sql.errors import DatabaseError

OLDEST = 15
LIBRARY = Path("/usr/lib/postgresql")
SHARE = Path("/usr/share/postgresql")


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one major version."""

    major: int
    bin: Path

    def __getitem__(self, name: str) -> str:
        return str(self.bin / name)


def installed(library: Path = LIBRARY, share: Path = SHARE) -> list[Programs]:
    """Return the installed versions that have PostGIS, newest first (layout of Debian)."""
    found = [
        Programs(int(path.name), path / "bin")
        for path in library.glob("[0-9]*")
        if path.name.isdecimal()
        and (path / "bin" / "postgres").exists()
        and (path / "lib" / "postgis-3.so").exists()
        and (share / path.name / "extension" / "postgis.control").exists()
    ]
    return sorted(found, key=lambda one: -one.major)


def programs(data: Path, library: Path = LIBRARY, share: Path = SHARE) -> Programs:
    """Return the version for a data directory: its own, or the newest if it is not there yet.

    Raises
    ------
    DatabaseError
        None is installed, or not the one that wrote the data.
    """
    found = [one for one in installed(library, share) if one.major >= OLDEST]
    major = version(data)
    if major is None:
        if not found:
            raise DatabaseError("no_postgis", oldest=OLDEST)
        return found[0]
    for one in found:
        if one.major == major:
            return one
    others = ", ".join(str(one.major) for one in found) or "-"
    raise DatabaseError("other_major", data=data, major=major, installed=others)


def version(data: Path) -> int | None:
    """Return the major version that wrote a data directory, None if there is none.

    Raises
    ------
    DatabaseError
        The directory is another user's.
    """
    try:
        return int((data / "PG_VERSION").read_text("ascii"))
    except FileNotFoundError:
        return None
    except PermissionError:
        raise DatabaseError("home_of_other", home=data) from None
