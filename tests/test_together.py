"""What several do at once: edits, rebuilds, imports; none waits without need, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from gis import districts
from gis.coverage import coverage
from gis.walk import variants
from sql import database
from sql.database import Conn, Database
from tests import town

CODE = town.HOME.code


def figures(conn: Conn) -> tuple[int, int]:
    found = coverage(conn, CODE)
    return found["households"], found["households_covered"]


def test_editors_wait_neither_for_each_other_nor_for_a_rebuild(own: Database) -> None:
    with (
        closing(database.admin(own)) as one,
        closing(database.admin(own)) as two,
        closing(database.admin(own)) as builder,
    ):
        districts.create(one, town.HOME, town.content(), replace=True)
        one.commit()
        figures(builder)
        builder.commit()
        two.execute("SET lock_timeout = '2s'")
        one.execute("UPDATE app.building SET households = 1000 WHERE code = 'a'")  # stays open
        two.execute("UPDATE app.building SET households = 60 WHERE code = 'b'")
        two.commit()
        assert figures(builder) == (260, 220)  # rebuilt, not committed
        two.execute("UPDATE app.building SET households = 70 WHERE code = 'b'")
        two.commit()
        builder.commit()
        # what was committed during the rebuild is not lost, nor what is committed after it
        assert figures(builder) == (270, 230)
        builder.commit()
        one.commit()
        assert figures(builder) == (1170, 1130)
        builder.commit()


def test_two_that_need_the_same_reach_compute_it_once(own: Database) -> None:
    """Each asks for a state of the gates that nobody has asked for; the second finds it made."""
    with closing(database.admin(own)) as one, closing(database.admin(own)) as two:
        districts.create(one, town.HOME, town.content(), replace=True)
        variants.ensure_network(one, CODE)
        one.commit()
        conns = [one, two]

        def night(conn: Conn) -> tuple[int, list[str]]:
            steps: list[str] = []
            found = variants.at_minute(conn, CODE, 23 * 60)
            variants.ensure_reach(conn, CODE, found, steps.append)
            conn.commit()
            return found.id, steps

        with ThreadPoolExecutor(2) as pool:
            (first, a), (second, b) = pool.map(night, conns)
        assert first == second
        assert sorted([a, b]) == [[], ["reach"]]
