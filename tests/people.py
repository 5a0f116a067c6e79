"""People for tests: accounts with a role, and clients that are already signed in as them."""

import time

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from gis import accounts, sessions
from sql import database
from sql.database import Conn


def add(
    conn: Conn,
    district: str,
    login: str,
    role: str | None = None,
    area_code: str | None = None,
    password: str | None = None,
) -> int:
    """Make an account, with a role on an area (the district itself, if none is named)."""
    account = accounts.add(conn, district, login, login, password)
    if role is not None:
        accounts.grant(conn, district, account, role, area_code or district)
    return account


def client_of(app: Flask, account_id: int) -> FlaskClient:
    """Return a client that is signed in and carries the token against forged requests.

    The account must have been committed: the application has connections of its own.
    """
    with database.service(app.extensions["pool"]) as conn:
        token = sessions.open_session(conn, account_id)
    client = app.test_client()
    with client.session_transaction() as session:
        session |= {"_user_id": str(account_id), "token": token, "seen": int(time.time())}
        session["csrf_token"] = "test"
    signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    client.environ_base["HTTP_X_CSRF_TOKEN"] = str(signer.dumps("test"))
    return client
