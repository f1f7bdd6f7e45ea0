"""`xingtan …`. Subcommands are found in a table and imported when they run, so that the program starts at once."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Sequence

import click

from xingtan.cli.frame import show_issues
from xingtan.cli.table import COMMANDS
from xingtan.cli.usage import misused
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T


class Lazy(click.Group):
    """A group whose commands are imported when one of them is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _colon, attribute = entry.target.partition(":")
        found = getattr(importlib.import_module(f"xingtan.cli.commands.{module}"), attribute)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.about) for name, entry in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="xingtan", prog_name="xingtan", message="%(prog)s %(version)s")
def xingtan() -> None:
    """杏坛：一个县怎样办学，用数据说话。数据目录由环境变量 XINGTAN_HOME 指定，默认 ./var。"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 refused, 2 wrong usage."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run one command line; returns the exit code and never raises for what a user did."""
    as_json = "--json" in arguments
    try:
        result = xingtan.main(args=arguments, prog_name="xingtan", standalone_mode=False)
    except XingtanError as refused:
        show_issues(refused.issues, as_json)
        return 1
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as wrong:
        return _misused(wrong, as_json)
    except Exception as fault:
        return _failed(fault, as_json)
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _failed(fault: Exception, as_json: bool) -> int:
    if isinstance(fault, BrokenPipeError):  # the reader of our output went away
        return 1
    traceback.print_exc()
    message = T("程序出错：%(fault)s", fault=f"{type(fault).__name__}: {fault}")
    show_issues([Issue(Severity.ERROR, "internal", message, hint=T("请把上面的内容发给维护人员"))], as_json)
    return 1


def _misused(wrong: click.ClickException, as_json: bool) -> int:
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError) and not as_json:  # nothing was asked: the help is the answer
        wrong.show()
        return wrong.exit_code
    path = wrong.ctx.command_path if isinstance(wrong, click.UsageError) and wrong.ctx is not None else "xingtan"
    show_issues([Issue(Severity.ERROR, "usage", misused(wrong), hint=T("用 %(command)s --help 查看用法", command=path))], as_json)
    return wrong.exit_code


if __name__ == "__main__":
    main()
