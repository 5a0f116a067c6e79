"""Whether a login and a password let somebody in; if not, why not."""

import secrets
from functools import cache
from threading import BoundedSemaphore
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

from gis import accounts, sessions
from gis.sessions import Credentials
from sql import database
from web import auth

FEW_AT_A_TIME = BoundedSemaphore(2)  # a hash takes 64 MB
ZONE = ZoneInfo("Asia/Shanghai")  # nobody's district is known before he is


class Refused(Exception):
    """Nobody is let in; ``key`` names the text, ``status`` the answer."""

    def __init__(self, key: str, status: int = 401, **values: object) -> None:
        self.key = key
        self.status = status
        self.values: dict[str, object] = values
        super().__init__(key)


def sign_in(login: str, password: str) -> str:
    """Return the token of a new session.

    Raises
    ------
    Refused
        Wrong, empty or locked; or the sample password, from elsewhere than this machine.
    """
    name = accounts.normal(login)
    if not name or not password:
        raise Refused("login.empty")
    if max(len(name), len(password)) > accounts.LONGEST:
        raise Refused("login.wrong")
    known, attempt = _try(name, password)
    if password == accounts.SAMPLE_PASSWORD and not auth.is_local():
        raise Refused("login.sample", 403)
    return _open(known, attempt, password)


def check(login: str, password: str) -> None:
    """Refuse a password that is not that of the account; tries count as those to sign in do.

    Raises
    ------
    Refused
        Wrong or locked.
    """
    _, attempt = _try(login, password)
    with database.service(current_app.extensions["pool"]) as conn:
        sessions.let_in(conn, attempt)


def _try(name: str, password: str) -> tuple[Credentials, int]:
    known, attempt = _attempt(name)
    if not _is_right(known, password) or known is None:
        raise Refused("login.wrong")
    return known, attempt


def _is_right(known: Credentials | None, password: str) -> bool:
    """Tell whether a password is right; an unknown login takes as long as a known one."""
    hasher = _hasher()
    nobodys = _nobodys(hasher)
    stored = known.password if known and known.active else None
    with FEW_AT_A_TIME:
        try:
            hasher.verify(stored or nobodys, accounts.one_form(password))
        except (Argon2Error, InvalidHashError):
            return False
    return stored is not None


def hashed(password: str) -> str:
    """Return the hash of a new password."""
    with FEW_AT_A_TIME:
        return accounts.hashed(password, _hasher())


def _attempt(name: str) -> tuple[Credentials | None, int]:
    with database.service(current_app.extensions["pool"]) as conn:
        known = sessions.credentials(conn, name)
        account = known.account if known else None
        found = sessions.attempt(conn, account, auth.mark(name), auth.address())
    if not isinstance(found, int):
        raise Refused("login.locked", 429, time=f"{found.astimezone(ZONE):%H:%M}")
    return known, found


def _open(known: Credentials, attempt: int, password: str) -> str:
    """Open a session; a hash that has become too cheap is made anew while the password is here."""
    renewed = None
    if known.password and _hasher().check_needs_rehash(known.password):
        renewed = hashed(password)
    with database.service(current_app.extensions["pool"]) as conn:
        if renewed:
            sessions.change_password(conn, known.account, renewed)
        token = sessions.open_session(conn, known.account, attempt)
    if token is None:  # put out of use in the meantime
        raise Refused("login.wrong")
    return token


def _hasher() -> PasswordHasher:
    hasher: PasswordHasher = current_app.extensions["config"].hasher
    return hasher


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """Return a hash that no password has."""
    return hasher.hash(secrets.token_hex())
