"""`./yige account`: the first administrator of a district, and who else may sign in."""

import click

from web.commands import connected, say
from web.commands.figures import DISTRICT, JSON, show, table
from web.i18n import t

ROLES = ("field", "official", "dispatcher", "planner", "admin")
ROLE = click.option("--role", type=click.Choice(ROLES), required=True, help=t("help.role"))
AREA = click.option("--area", metavar="CODE", help=t("help.area"))


@click.group(help=t("help.account"))
def account() -> None:
    """Group what is done with accounts."""


@account.command(help=t("help.account_add"))
@click.argument("login")
@DISTRICT
@click.option("--name", required=True, help=t("help.account_name"))
@ROLE
@AREA
def add(login: str, district: str, name: str, role: str, area: str | None) -> None:
    """Add an account with a role, and tell its password this once."""
    from gis import accounts, districts

    password = accounts.new_password()
    with connected() as conn:
        districts.district(conn, district)
        made = accounts.add(conn, district, login, name, accounts.hashed(password))
        accounts.grant(conn, district, made, role, area or district)
    say("account.added", login=accounts.normal(login), password=password)


@account.command(help=t("help.account_grant"))
@click.argument("login")
@ROLE
@AREA
def grant(login: str, role: str, area: str | None) -> None:
    """Give an account one more role."""
    from gis import accounts

    with connected() as conn:
        district, found = accounts.of_login(conn, login)
        accounts.grant(conn, district, found, role, area or district)
    say("account.granted", login=login, role=t(f"account.role.{role}"), area=area or district)


@account.command(help=t("help.account_password"))
@click.argument("login")
def password(login: str) -> None:
    """Give an account another password, and tell it this once."""
    from gis import accounts

    word = accounts.new_password()
    with connected() as conn:
        district, found = accounts.of_login(conn, login)
        accounts.set_password(conn, district, found, accounts.hashed(word))
        accounts.set_active(conn, district, found, True)
    say("account.password_set", login=login, password=word)


@account.command(help=t("help.account_database"))
@click.argument("login")
@click.option("--off", is_flag=True, help=t("help.account_database_off"))
def database(login: str, off: bool) -> None:
    """Give an account a login of the database for a desktop GIS, its password told this once."""
    from gis import accounts
    from sql import desk
    from sql.database import from_environment

    to = from_environment()
    with connected(to) as conn:
        _, found = accounts.of_login(conn, login)
        if off:
            say("account.database_off" if desk.remove(conn, found) else "account.database_none")
            return
        role, word = desk.make(conn, found)
    say("account.database", login=login, role=role, password=word, database=to.dbname)
    if to.url is None:
        say("account.database_socket", socket=to.place.socket / ".s.PGSQL.5432")


@account.command(name="list", help=t("help.account_list"))
@DISTRICT
@JSON
def list_(district: str, as_json: bool) -> None:
    """List the accounts of a district with their roles."""
    from gis import accounts, districts

    with connected() as conn:
        districts.district(conn, district)
        found = [
            {
                "login": one["login"], "name": one["name"], "active": one["active"],
                "roles": [{"role": g["role"], "area": g["area"]} for g in one["grants"]],
            }
            for one in accounts.listing(conn, district)
        ]  # fmt: skip
    show({"accounts": found}, as_json, _print)


def _print(answer: dict[str, list[dict[str, object]]]) -> None:
    rows = [
        [one["login"], one["name"], t("account.in_use" if one["active"] else "account.out_of_use"),
         "、".join(f"{t('account.role.' + g['role'])} {g['area']}" for g in one["roles"])]  # type: ignore[attr-defined]
        for one in answer["accounts"]
    ]  # fmt: skip
    table([t("login.login"), t("account.name"), "", t("account.roles")], rows)
