"""Wrong usage of the command line, in Chinese: click says it in English."""

from __future__ import annotations

import re

import click

from xingtan.kernel.text import T, Text

NO_COMMAND = re.compile(r"No such command '(?P<name>.*)'")
EXTRA = re.compile(r"Got unexpected extra arguments? \((?P<rest>.*)\)")
RANGE = re.compile(r"(?P<value>\S+) is not in the range (?P<range>.+?)\.?$")
NUMBER = re.compile(r"'(?P<value>.*)' is not a valid (?:integer|float)")
CHOICE = re.compile(r"'(?P<value>.*)' is not one of (?P<choices>.+?)\.?$")
MISSING_PATH = re.compile(r"(?:File|Directory|Path) '(?P<value>.*)' does not exist")


def misused(wrong: click.ClickException) -> Text:
    """What is wrong with the command line as it was written."""
    if isinstance(wrong, click.NoSuchOption):
        near = "、".join(sorted(wrong.possibilities or ()))
        known = T("没有选项 %(name)s；您是不是想写 %(near)s？", name=wrong.option_name, near=near)
        return known if near else T("没有选项 %(name)s", name=wrong.option_name)
    if isinstance(wrong, click.MissingParameter):
        return T("缺少 %(name)s", name=_name(wrong))
    if isinstance(wrong, click.BadParameter):
        return T("%(name)s：%(why)s", name=_name(wrong), why=_why(wrong.message))
    return _other(wrong)


def _other(wrong: click.ClickException) -> Text:
    if isinstance(wrong, click.BadOptionUsage):
        return T("选项 %(name)s 的写法不对：它后面要写一个值，或不该写值", name=wrong.option_name)
    if isinstance(wrong, click.FileError):
        return T("打不开文件 %(name)s", name=wrong.ui_filename)
    return _plain(wrong.message)


def _plain(message: str) -> Text:
    if found := NO_COMMAND.search(message):
        return T("没有命令 %(name)s", name=found["name"])
    if found := EXTRA.search(message):
        return T("多出了参数：%(rest)s", rest=found["rest"])
    return T("缺少命令") if message.startswith("Missing command") else T("写法不对：%(message)s", message=message)


def _why(message: str) -> Text:
    if found := RANGE.search(message):
        return T("%(value)s 不在范围 %(range)s 之内", value=found["value"], range=found["range"])
    if found := NUMBER.search(message):
        return T("“%(value)s”不是数", value=found["value"])
    if found := CHOICE.search(message):
        return T("“%(value)s”不在可选的 %(choices)s 之内", value=found["value"], choices=found["choices"].replace("', '", "'、'"))
    if found := MISSING_PATH.search(message):
        return T("“%(value)s”不存在", value=found["value"])
    return T("%(text)s", text=message)


def _name(wrong: click.BadParameter) -> str:
    if wrong.param is None:
        return str(wrong.param_hint or "")
    return "/".join(wrong.param.opts) if isinstance(wrong.param, click.Option) else wrong.param.make_metavar(wrong.ctx) if wrong.ctx else ""
