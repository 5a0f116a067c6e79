"""One private cluster for all tests, one migrated database for each worker, rolled back."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sql import cluster, database
from sql.cluster import Place
from sql.database import Conn, Database

FAST = {"fsync": "off", "shared_buffers": "64MB", "max_wal_size": "512MB"}


def pytest_configure(config: pytest.Config) -> None:
    """Turn every test away from the real home, the workers of one run to the same other one."""
    os.environ.pop("YIGE_DATABASE_URL", None)
    if not hasattr(config, "workerinput"):
        os.environ["YIGE_HOME"] = tempfile.mkdtemp(prefix="yige-test-")
        Path(os.environ["YIGE_HOME"]).chmod(0o755)


def pytest_unconfigure(config: pytest.Config) -> None:
    home = os.environ.get("YIGE_HOME", "")
    if not hasattr(config, "workerinput") and "yige-test-" in home:
        cluster.stop(cluster.place())
        shutil.rmtree(home)


@pytest.fixture(scope="session", name="cluster")
def _cluster() -> Iterator[Place]:
    """Yield the place of the running cluster of this test run."""
    at = cluster.place()
    with cluster.running(at, FAST):
        yield at


@pytest.fixture(scope="session", name="database")
def _database(cluster: Place) -> Iterator[Database]:
    """Yield this worker's own database, migrated and without a district."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with database.admin(Database(cluster, name="postgres"), autocommit=True) as conn:
        _copy_template(conn, cluster, name)
        yield Database(cluster, name=name)
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def admin_of(of: Database, name: str) -> Conn:
    return database.admin(Database(of.place, name=name), autocommit=True)


def _copy_template(conn: Conn, at: Place, name: str) -> None:
    template = Database(at, name="template_yige")
    with cluster.locked(at):  # the first worker makes the template, the others wait for it
        database.migrate(template)
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template.name}")


@pytest.fixture(scope="module")
def own(database: Database) -> Iterator[Database]:
    """Yield a migrated database of a module's own, for what must be committed."""
    made = database.beside("own")
    with admin_of(database, "postgres") as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {made.dbname} WITH (FORCE)")
        conn.execute(f"CREATE DATABASE {made.dbname} TEMPLATE template_yige")
        yield made
        conn.execute(f"DROP DATABASE {made.dbname} WITH (FORCE)")


@pytest.fixture(scope="session")
def database_url(database: Database) -> str:
    """Return the connection string of the administrator in this worker's database."""
    return database.conninfo()


@pytest.fixture
def admin(database_url: str) -> Iterator[Conn]:
    """Yield a connection that sees everything; what it does is rolled back."""
    with psycopg.connect(database_url) as conn:
        yield conn
        conn.rollback()
