"""The command reference is what the commands are."""

from __future__ import annotations

import click
from tools import commands


def test_every_command_is_explained_and_nothing_else():
    assert sorted(words for words, _command in commands.tree()) == sorted(commands.ABOUT)


def test_every_option_says_what_it_is_for():
    options = [
        (words, option)
        for words, command in commands.tree()
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
    ]
    assert options
    assert [f"{words} {option.name}" for words, option in options if not option.help] == []


def test_the_reference_is_not_stale():
    assert commands.TARGET.read_text(encoding="utf-8") == commands.reference(), "run: python tools/commands.py"
