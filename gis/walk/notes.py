"""What has changed since the network was built, as the triggers have noted it."""

from dataclasses import dataclass, field

from sql import query
from sql.database import Conn

RELATIONS = ("way", "gate", "compound", "barrier", "water", "building", "station")
MOST = {"way": 40, "gate": 40, "compound": 10, "building": 200, "station": 100}  # else all anew


@dataclass(frozen=True, slots=True)
class Notes:
    """What is stale as a whole, and the ids of single rows by what is stale of them.

    ``shapes`` are where barriers and waters were or are, as hexadecimal EWKB.
    """

    whole: frozenset[str] = frozenset()
    walk: dict[str, list[int]] = field(default_factory=dict)
    placed: tuple[int, ...] = ()
    shut: tuple[int, ...] = ()
    counted: dict[str, list[int]] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()
    any: bool = False

    @property
    def is_small(self) -> bool:
        """Whether few enough rows changed the network for it to be mended in place."""
        few = all(len(self.walk.get(name, [])) <= most for name, most in MOST.items())
        return few and not self.whole & {"walk", "edge"}

    def of(self, relation: str) -> list[int]:
        """Return the rows of a table that the network is made of, ascending."""
        return self.walk.get(relation, [])


def take(conn: Conn, code: str) -> Notes:
    """Take the notes of a district away, to be dealt with in this transaction."""
    rows = conn.execute(query("network.take"), {"district": code}).fetchall()
    single = [row for row in rows if row[2] is not None]

    def ids(what: str, relation: str | None = None) -> list[int]:
        return sorted({row[2] for row in single if row[0] == what and relation in (None, row[1])})

    return Notes(
        whole=frozenset(row[0] for row in rows if row[2] is None),
        walk={name: found for name in RELATIONS if (found := ids("walk", name))},
        placed=tuple(ids("place")),
        shut=tuple(ids("shut")),
        counted={name: ids("count", name) for name in ("building", "station")},
        shapes=tuple(sorted({row[3] for row in single if row[0] == "walk" and row[3]})),
        any=bool(rows),
    )
