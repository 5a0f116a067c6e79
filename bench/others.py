"""pygeoapi in processes of its own, on a view of features."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from bench import environment, served
from bench.served import Server
from sql.database import Database

PAGE = 10_000


@contextmanager
def pygeoapi(to: Database) -> Iterator[Server]:
    """Serve ``public.building`` as the administrator, with as many processes as we have."""
    port = served.free_port()
    with tempfile.TemporaryDirectory() as folder:
        config, openapi = Path(folder) / "config.json", Path(folder) / "openapi.yml"
        config.write_text(json.dumps(_config(to, port)))
        settings = {**os.environ, "PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
        settings = {k: v for k, v in settings.items() if k != "PYTHONPATH"}
        own = environment.python().parent
        made = subprocess.run(
            [own / "pygeoapi", "openapi", "generate", config, "--output-file", openapi],
            env=settings, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"pygeoapi: {made.stderr.strip().splitlines()[-1:]}")
        command = [own / "gunicorn", "pygeoapi.flask_app:APP", "--bind", f"127.0.0.1:{port}",
                   "--workers", str(served.WORKERS), "--worker-class", "gthread", "--threads", "16",
                   "--log-level", "error"]  # fmt: skip
        process = subprocess.Popen(
            [str(each) for each in command], env=settings, stdout=subprocess.DEVNULL
        )
        with served.running(process, port, "/collections?f=json"):
            yield Server("pygeoapi", port, {})


def _config(to: Database, port: int) -> dict[str, object]:
    parts = conninfo_to_dict(to.conninfo())
    data = {"host": parts["host"], "port": int(parts.get("port", 5432)), "dbname": parts["dbname"],
            "user": parts["user"], "password": parts.get("password", ""),
            "search_path": ["public"]}  # fmt: skip
    text = {"en": "bench"}
    provider = {"type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id",
                "table": "building", "geom_field": "geom", "count": True}  # fmt: skip
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8", "encoding": "utf-8", "gzip": True,
            "languages": ["en-US"], "pretty_print": False,
            "limits": {"default_items": PAGE, "max_items": PAGE, "on_exceed": "throttle"},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}.png", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": text, "description": text, "keywords": {"en": ["bench"]},
                               "keywords_type": "theme", "terms_of_service": "none",
                               "url": "http://127.0.0.1"},
            "license": {"name": "none", "url": "http://127.0.0.1"},
            "provider": {"name": "bench", "url": "http://127.0.0.1"},
            "contact": {"name": "bench", "url": "http://127.0.0.1"},
        },
        "resources": {"building": {
            "type": "collection", "title": text, "description": text, "keywords": {"en": ["bench"]},
            "links": [],
            "extents": {"spatial": {"bbox": [-180, -90, 180, 90],
                                    "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
            "providers": [provider],
        }},
    }  # fmt: skip
