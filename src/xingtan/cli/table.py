"""Every subcommand, one line each: name → where its click command lies, and what `--help` says. Modules load when their command runs."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """`target` is “module:attribute” below `xingtan.cli.commands`."""

    target: str
    about: str


COMMANDS: dict[str, Entry] = {
    "init": Entry("init:init", "建立或升级数据目录，给出管理员的一次性链接"),
    "serve": Entry("serve:serve", "启动服务（网页和后台进程）"),
    "worker": Entry("worker:worker", "只运行后台进程"),
    "doctor": Entry("doctor:doctor", "检查运行环境，逐项说明如何处理"),
    "audit": Entry("audit:audit", "操作记录：verify 核验"),
    "people": Entry("people:people", "学籍：check 检查自相矛盾之处"),
    "vault": Entry("vault:vault", "密封字段：check 检查、rotate 换密钥"),
    "load": Entry("load:load", "载入一个地方的数据包（bundle.yaml）"),
    "sample": Entry("sample:sample", "写出演示县的数据包（全部虚构）"),
    "import": Entry("take_in:take_in", "把一个表格导入登记册：--as roster 学生名册；--dry-run 只检查"),
    "pack": Entry("pack:pack", "规则包：check 检查、activate 启用"),
    "figures": Entry("figures:figures", "指标数值：逐行给出值、分子、分母、状态和来源"),
    "reproduce": Entry("reproduce:reproduce", "在临时数据目录里重算示例地区的事实，逐条核对"),
    "report": Entry("report:report", "按模板出报告：html、docx、pdf 或 md"),
    "snapshot": Entry("snapshot:snapshot", "数据快照：create、list、verify、freeze"),
    "backup": Entry("archive:backup", "把全部数据备份成一个文件"),
    "restore": Entry("archive:restore", "从备份文件恢复全部数据"),
}
