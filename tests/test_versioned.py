"""Static files by version: kept for good, and never an old one for a new."""

import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web import versioned


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A server of a folder of its own."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "app.js").write_text("1")
    (tmp_path / "seal.svg").write_text("<svg/>")
    monkeypatch.setattr(versioned, "STATIC", tmp_path)
    app = Flask("versioned")
    app.register_blueprint(versioned.bp)
    return app.test_client()


def test_file_is_kept_for_good_under_its_version(client: FlaskClient) -> None:
    with client.application.test_request_context():
        address = versioned.address("js/app.js")
    with client.get(address) as answer:
        assert answer.text == "1" and "immutable" in answer.headers["Cache-Control"]


def test_packages_are_kept_for_good_by_their_lock(client: FlaskClient) -> None:
    (versioned.STATIC / "vendor").mkdir()
    (versioned.STATIC / "vendor" / "leaflet.js").write_text("2")
    before = versioned.current()
    with client.application.test_request_context():
        address = f"{versioned.vendor()}/leaflet.js"
    with client.get(address) as answer:
        assert answer.text == "2" and "immutable" in answer.headers["Cache-Control"]
    with client.get(f"/v/{before}/vendor/leaflet.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
    assert versioned.current() == before


def test_any_change_of_any_file_is_another_version(client: FlaskClient) -> None:
    before = versioned.current()
    assert versioned.current() == before
    os.utime(versioned.STATIC / "seal.svg", ns=(0, 1))
    after = versioned.current()
    (versioned.STATIC / "js" / "new.js").write_text("")
    assert len({before, after, versioned.current()}) == 3


def test_file_under_an_old_version_is_not_kept(client: FlaskClient) -> None:
    with client.get("/v/000000000000/js/app.js") as answer:
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["js/ghost.js", "../web/auth.py", "%2e%2e/auth.py", "js/"])
def test_nothing_outside_the_folder_is_answered(client: FlaskClient, name: str) -> None:
    assert client.get(f"/v/1/{name}").status_code == 404


def test_everybody_may_have_them() -> None:
    assert getattr(versioned.file, "public", False)
