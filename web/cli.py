"""The command line. Each command is imported when it is called, so that `status` loads no numba."""

import importlib
import os
import signal
import sys
from types import FrameType

import click
import psycopg

from sql import database
from sql.cluster import place
from sql.database import reason
from sql.errors import YigeError
from web.i18n import LANGUAGES, language, t, texts

COMMANDS = {
    "up": "web.commands.serve:up",
    "setup": "web.commands.setup:setup",
    "test": "web.commands.test:test",
    "db": "web.commands.database:db",
    "status": "web.commands.figures:status",
    "coverage": "web.commands.figures:coverage",
    "nearest": "web.commands.figures:nearest",
    "network": "web.commands.figures:network",
    "profile": "web.commands.figures:profile",
    "demo": "web.commands.content:demo",
    "import": "web.commands.content:import_",
    "export": "web.commands.content:export",
    "remove": "web.commands.content:remove",
    "account": "web.commands.account:account",
    "basemap": "web.commands.basemap:basemap",
    "bench": "web.commands.bench:bench",
}


class Lazy(click.Group):
    """A group whose commands are the entries of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, None if there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


def _language(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value:
        os.environ["YIGE_LANG"] = value


@click.command(cls=Lazy, help="驿格 Yige")
@click.option("--lang", type=click.Choice(LANGUAGES), is_eager=True, callback=_language,
              expose_value=False)  # fmt: skip
def cli() -> None:
    """Run one command."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status, after one line on what went wrong."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        # compiled kernels are kept beside the data: the checkout may be read-only
        os.environ.setdefault("NUMBA_CACHE_DIR", str(place().home / "numba"))
        with database.failures():
            status = cli.main(arguments, prog_name="yige", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.UsageError as error:
        click.echo(t("error.usage", message=error.format_message().rstrip(".")), err=True)
        return error.exit_code
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except YigeError as error:
        click.echo(_told(error), err=True)
        return 1
    except psycopg.Error as error:
        click.echo(t("error.database", reason=reason(error)), err=True)
        return 1
    return status if isinstance(status, int) else 0


def _told(error: YigeError) -> str:
    """Return what an error says to people; one that is not theirs to cure in its own words."""
    key = f"error.{error.key}"
    if key in texts(language()):
        return t(key, **error.values)
    return t("error.internal", reason=error)


def _leave(number: int, frame: FrameType | None) -> None:
    """End as an exception does: what was begun is rolled back, the database is let go."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
