"""Make a sample district and store it; the record of its planted gaps is kept apart."""

from datetime import date
from pathlib import Path

from gis import districts
from gis.districts import District, Progress
from sql.cluster import place
from sql.database import Conn

CODES = {"mudan": "371702", "taonan": "220881", "longyao": "130525"}
DATA_DATE = date(2026, 11, 20)


def check_free(conn: Conn, name: str, replace: bool) -> None:
    """Refuse before the long work what would be refused after it.

    Raises
    ------
    Conflict
        The district exists and is not to be replaced, or is being stored at this moment.
    """
    districts.claim(conn, CODES[name], replace)


def make(
    conn: Conn, name: str, seed: int, scale: int, replace: bool, progress: Progress
) -> District:
    """Generate a sample district and store it in the caller's transaction.

    Raises
    ------
    Conflict
        The district exists and is not to be replaced.
    """
    from gis.demo import logins
    from gis.demo.assemble import sample
    from gis.demo.enrol import enrol
    from gis.demo.stations import SERVICES

    check_free(conn, name, replace)
    content, gaps, plane = sample(name, seed, scale, progress)
    top = content.area[content.area["level"] == "district"].iloc[0]
    new = District(
        code=top["code"],
        name=top["name"],
        longitude=plane.lon,
        latitude=plane.lat,
        data_date=DATA_DATE,
        sample=True,
        origin=f"sample {name}, seed {seed}, scale {scale}",
    )
    progress("content")
    districts.create(conn, new, content, services=SERVICES.items(), replace=replace)
    enrol(conn, new, content, seed)
    logins.add(conn, new.code, name)
    path = record(new.code)
    path.parent.mkdir(parents=True, exist_ok=True)
    gaps.to_csv(path, index=False)
    return new


def record(code: str) -> Path:
    """Return the file that says which gaps were planted; only tests read it."""
    return place().home / "demo" / f"{code}-gaps.csv"
