"""The command reference, made from the commands themselves.

    python tools/commands.py [FILE]    write docs/reference/commands.md (or FILE)

What a command is for is said here in English; usage and options are the program's own. A command that has no sentence here, or a
sentence whose command is gone, fails tests/architecture/test_commands.py, and so does a stale file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reference" / "commands.md"
HEAD = """# Commands

Made by `python tools/commands.py` from the commands themselves; do not edit. Options are explained as the program does, in Chinese.

The data folder is `XINGTAN_HOME` (default `./var`), the database is SQLite in it or what `DATABASE_URL` names (`postgresql://…`). With
`--json`, standard output is one JSON document and nothing else, also when a command is refused:
`{"issues": [{"severity", "code", "message", "where", "hint", "value"}]}`. Exit codes: 0 done; 1 refused, or findings that are errors;
2 wrong usage; 130 interrupted.
"""
ABOUT = {
    "init": """
Makes the data folder, or upgrades its database. While no administrator can sign in, prints a one-time link with which the first one
chooses a password.""",
    "serve": "Serves the pages, with a worker beside them. `--demo` first fills a new data folder with the example places.",
    "worker": """
Runs background jobs only. After Ctrl-C the job in hand is finished; a second Ctrl-C leaves at once, and the next worker takes the job up
again.""",
    "doctor": "Examines program, database, data folder, fonts, disk, audit chain and worker; every finding says what to do.",
    "audit": "The audit log.",
    "vault": "Sealed fields (identity numbers, telephones, addresses …) and the key ring.",
    "vault check": "Tries to open everything that is sealed, and counts what lies under each key.",
    "vault rotate": """
Adds a key and seals everything under it while the house goes on. A minute later `--finish` seals what was written meanwhile and drops the
keys that then open nothing; it also goes on with a change that was stopped half way.""",
    "audit verify": "Recomputes the hash chain of every place, and finds any event that was changed, removed or cut off.",
    "people": "The register of pupils.",
    "people check": """
Looks for what does not agree in the register: overlapping spells, spells at closed schools, classes of other schools or past their stage,
grades beside their class, impossible births, old temporary numbers, identity numbers used twice, possible duplicates, overdue transfers.
Records are told by number, never by name.""",
    "load": """
Loads a bundle (a folder with `bundle.yaml`): organisations, then every ledger. All or nothing; a second load changes nothing.""",
    "import": """
Takes a spreadsheet into a register by the very way of the page (`--as roster`: pupils). All faults at once; `--dry-run` writes nothing.
`{file, place, day, written, counts, alarm, issues}`; exit 1 when there are errors and `--only-good` was not given.""",
    "pack": "Policy packs.",
    "pack check": """
Checks a pack: shapes, names, formulas, types, cycles, then every lint rule. Findings are
`{file, line, column, rule, severity, message, hint}`.""",
    "pack activate": "Puts a version of a place's pack in force.",
    "figures": """
Computes figures from the present rows, or from a frozen snapshot. One line each: `{indicator, org, period, value, unit, numerator,
denominator, rows, status, reason, bound, pack, snapshot}`; `value` is a decimal string or null, rates are fractions, `bound` is null, `>`,
`≥`, `<`, `≤`, `~` or `interval`. `reason` says why a figure is not simply a number, and what it assumes.""",
    "reproduce": """
In a scratch data folder: loads an example place, computes, and holds every line of its `facts.yaml` against what comes out.""",
    "report": "Fills a report template with figures; the suffix of the file decides the form.",
    "sample": """
Writes the demonstration county as a bundle: sixty schools of every kind in twelve towns of five shapes, three years of the base ledgers
with the faults of real returns. Everything in it is made up; the same size and seed give the same bytes. With `--json`:
`{schools, pupils, rows, files}`.""",
    "snapshot": "Snapshots of a place's data: the working one, which follows the ledgers, and frozen ones with names.",
    "snapshot create": """
Brings the working snapshot up to date; only what changed is written anew. With a name, freezes it under that name as `freeze` does.""",
    "snapshot freeze": "Brings the data up to date, then freezes rows, tree and pack of this moment under a name.",
    "snapshot list": "Lists the working snapshot and the frozen ones.",
    "snapshot verify": "Recomputes every hash of a snapshot.",
    "backup": """
Writes all data (tables, uploaded files, packs, named snapshots) as of one moment into one file. The service may go on. The key ring goes
along only with `--with-keys`.""",
    "restore": "Restores a backup after checking every hash; it works from either database into either.",
}


def tree() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its words, in the order of the help."""
    from xingtan.cli.main import xingtan

    yield from _below(xingtan, "")


def _below(group: click.Group, words: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{words}{name}", command
        if isinstance(command, click.Group):
            yield from _below(command, f"{words}{name} ")


def reference() -> str:
    return HEAD + "".join(_section(words, command) for words, command in tree())


def _section(words: str, command: click.Command) -> str:
    if isinstance(command, click.Group):
        return f"\n## {words}\n\n{ABOUT[words]}\n"
    level = "###" if " " in words else "##"
    context = click.Context(command, info_name=f"xingtan {words}")
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    records = [option.get_help_record(context) for option in command.params if isinstance(option, click.Option)]
    lines = "".join(f"| `{_cell(record[0])}` | {_cell(record[1])} |\n" for record in records if record)
    table = f"\n| option | |\n| --- | --- |\n{lines}" if lines else ""
    return f"\n{level} {words}\n\n{ABOUT[words].strip()}\n\n```\n{usage}\n```\n{table}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("  ", " ")


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else TARGET).write_text(reference(), encoding="utf-8")
