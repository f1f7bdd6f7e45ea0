"""A node and a model → an instance, or every fault with line and caret, in Chinese."""

from __future__ import annotations

import difflib
import types
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T, Text

from .sources import Sources
from .tree import Node, Slippery

M = TypeVar("M", bound=BaseModel)

_OWN: dict[str, tuple[Text, Text]] = {
    "not_number": (T("这里要写数字"), T("写阿拉伯数字，不加引号和单位")),
    "too_many_digits": (T("数字最多 15 位"), T("核对单位")),
    "not_date": (T("这里要写日期"), T("写成 2009-09-01")),
    "field_codes": (T("代码栏要写明用哪张代码表，别的栏不能写 codes"), T("写成 type: code(表的编号)")),
    "field_range": (T("min、max、digits 只用于数字栏"), T("删去它们，或把 type 改为 number、money、percent")),
    "field_empty_range": (T("min 大于 max"), T("核对上下限")),
    "parameter_value": (T("参数要么写 value，要么写 required: true，二者取一"), T("原文数字缺失时写 required: true，不可臆造")),
    "code_twice": (T("代码 %(code)s 在同一时期出现两次"), T("改代码，或写明起止日期 from、to")),
    "dates_order": (T("开始日期晚于结束日期"), T("核对 from 与 to")),
    "allocation_aid": (T("method: tiers 和 aid 要一起写"), T("定额发放写 method: tiers 并写明 aid；别的办法不写 aid")),
    "allocation_pool": (T("缺少必填项 pool"), T("写明分的是什么，如一个参数或指标；定额发放则写 method: tiers 和 aid")),
    "goal_comparison": (T("每个目标要写且只写一种比较"), T("at_most、at_least、rise_by、rank_up 等选一个")),
    "who_one": (T("who 要写 post 或 kind 之一"), T("写成 {post: principal} 或 {kind: junior_school}")),
    "duty_bound": (T("职责要写 at_least 或 at_most"), T("写成 at_least: 1，或写参数的编号")),
    "section_way": (T("评分项要写 score、indicator 加 steps、raters 三者之一"), T("留下一种，删去别的")),
    "scheme_empty": (T("考核办法至少要写 sections、vetoes、consequences 之一"), T("写上评分项、否决项或后果")),
    "weights_sum": (T("各评分主体的权重之和应为 1"), T("如 {inspectorate: 0.6, peers: 0.4}")),
    "course_periods": (T("每个年级都要有一个周课时数"), T("periods 的个数与 grades 相同；没有规定的整项不写")),
    "question_way": (T("每题要写 scale、choices、free 三者之一"), T("如 scale: 5")),
}
_TYPES: dict[str, tuple[Text, Text]] = {
    "missing": (T("缺少必填项 %(name)s"), T("在这一条里补上 %(name)s: …")),
    "string_type": (T("这里要写文字"), T("写文字；像数字或日期的文字加引号")),
    "int_type": (T("这里要写整数"), T("写不带小数点的阿拉伯数字")),
    "int_from_float": (T("这里要写整数"), T("写不带小数点的阿拉伯数字")),
    "bool_type": (T("这里要写 true 或 false"), T("是写 true，否写 false，不加引号")),
    "date_type": (T("这里要写日期"), T("写成 2009-09-01")),
    "tuple_type": (T("这里要写列表"), T("写成 [甲, 乙]，或逐行以 - 开头")),
    "dict_type": (T("这里要写“键: 值”"), T("写成 {键: 值}，或另起一行缩进后写 键: 值")),
    "model_type": (T("这里要写“键: 值”"), T("写成 {键: 值}，或另起一行缩进后写 键: 值")),
    "model_attributes_type": (T("这里要写“键: 值”"), T("写成 {键: 值}，或另起一行缩进后写 键: 值")),
    "string_too_short": (T("这里不能为空"), T("写上内容，或删去这一行")),
    "string_too_long": (T("文字太长（最多 %(max_length)s 字）"), T("缩短文字")),
    "too_short": (T("这里至少要有 %(min_length)s 项"), T("补足各项")),
    "none_required": (T("这里应为空"), T("删去这一行")),
    "greater_than_equal": (T("不能小于 %(ge)s"), T("核对数字和单位")),
    "less_than_equal": (T("不能大于 %(le)s"), T("核对数字和单位")),
}


def build(model: type[M], node: Node, sources: Sources) -> tuple[M | None, list[Issue]]:
    """Validate a node. All faults of the item are returned; the instance is None if there is any."""
    if not node.is_map:
        message = T("这里应是“键: 值”的条目")
        return None, [sources.issue((Severity.ERROR, "pack.shape"), message, node, hint=T("以 - id: … 开头写一条"))]
    try:
        return model.model_validate(node.plain()), []
    except ValidationError as error:
        return None, _issues(error, model, node, sources)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return None, [sources.issue((Severity.ERROR, "pack.value"), T("这一条读不懂：%(why)s", why=str(error)[:200]), node)]


def _issues(error: ValidationError, model: type[BaseModel], node: Node, sources: Sources) -> list[Issue]:
    found: dict[tuple[int, int], Issue] = {}
    errors = error.errors(include_url=False)
    for item in errors:
        deeper = (one["loc"] for one in errors if len(one["loc"]) > len(item["loc"]))
        if item["type"] == "too_short" and any(loc[: len(item["loc"])] == item["loc"] for loc in deeper):
            continue  # faulty items are not missing
        issue = _issue(item, model, node, sources)
        place = (issue.where.line or 0, issue.where.column or 0)
        found.setdefault(place, issue)  # one message a place: branches of a union repeat themselves
    return list(found.values())


def _issue(item: Any, model: type[BaseModel], node: Node, sources: Sources) -> Issue:
    place, last = _follow(node, item["loc"])
    kind = item["type"]
    if kind == "extra_forbidden":
        return _unknown_key(place, last, _models_at(model, item["loc"][:-1]), sources)
    message, hint = _words(kind, item, place, last)
    return sources.issue((Severity.ERROR, f"pack.{kind}"), message, place, hint=hint, value=place.raw[:80])


def _follow(node: Node, loc: tuple[str | int, ...]) -> tuple[Node, str]:
    """The node an error speaks of, and the last step that could not be followed (a missing or unknown key)."""
    last = ""
    for step in loc:
        following: Node | None = None
        if node.is_map:
            following = node.get(str(step))
        elif node.is_list and isinstance(step, int) and step < len(node.value):
            following = node.value[step]
        last = str(step)
        if following is not None:
            node = following
    return node, last


def _unknown_key(place: Node, name: str, models: list[type[BaseModel]], sources: Sources) -> Issue:
    known = sorted({info.alias or key for model in models for key, info in model.model_fields.items()} - {"body"})
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        hint = T("您是不是想写 %(name)s？", name=close[0])
    elif any(char in name for char in "()[]{}，,") or (place.raw == "" and " " in name):
        hint = T("花括号里的文字或公式含逗号、括号时要加引号")
    else:
        hint = T("这里可以写：%(names)s", names="、".join(known))
    return sources.issue((Severity.ERROR, "pack.unknown_key"), T("不认识的项 %(name)s", name=name), place, hint=hint)


def _words(kind: str, item: Any, place: Node, last: str) -> tuple[Text, Text]:
    context = {key: str(value) for key, value in item.get("ctx", {}).items()}
    if kind in _OWN:
        message, hint = _OWN[kind]
        return T(message.template, **context), hint
    if isinstance(place.value, Slippery):
        return T("%(text)s 没有加引号，不同软件会读成不同的值", text=place.raw), T('写成 "%(text)s"', text=place.raw)
    if kind in {"string_type", "literal_error"} and not (place.is_map or place.is_list):
        return _not_text(kind, context, place)
    if kind == "string_pattern_mismatch":
        return T("写法不合要求：%(text)s", text=place.raw), _pattern_hint(context.get("pattern", ""))
    if kind == "literal_error":
        return T("不认识的值"), T("可以写：%(expected)s", expected=context.get("expected", ""))
    message, hint = _TYPES.get(kind, (T("这里的写法不对（%(kind)s）"), T("对照规则包参考手册核对这一项")))
    said = {"name": last, "kind": kind, **context}
    return T(message.template, **said), T(hint.template, **said)


def _not_text(kind: str, context: dict[str, str], place: Node) -> tuple[Text, Text]:
    if place.value is None:
        return T("这一项是空的"), T("写上内容，或删去这一行")
    if kind == "literal_error":
        expected = context.get("expected", "").replace(" or ", "、").replace(", ", "、").replace("'", "")
        close = difflib.get_close_matches(place.raw, expected.split("、"), n=1, cutoff=0.6)
        if close:
            return T("不认识的值 %(text)s", text=place.raw), T("您是不是想写 %(name)s？", name=close[0])
        return T("不认识的值 %(text)s", text=place.raw), T("可以写：%(expected)s", expected=expected)
    reads = {bool: T("是非值"), int: T("数字")}.get(type(place.value), T("日期或小数"))
    return T("这里要写文字，%(text)s 会被读成%(reads)s", text=place.raw, reads=reads), T('加引号：写成 "%(text)s"', text=place.raw)


def _pattern_hint(pattern: str) -> Text:
    hints = {
        "^[a-z][a-z0-9_]*$": T("编号用小写英文字母开头，只含字母、数字、下划线"),
        r"^\d{4}(\.\d{1,3}){0,2}$": T('版本号写成 "2009.1"'),
    }
    if "days|workdays" in pattern:
        return T("期限写成 15 days、10 workdays、2 weeks 或 3 months")
    if r"\.\." in pattern:
        return T("范围写成 5..40；一端不限时留空，如 0..")
    return hints.get(pattern, T("要求的格式：%(pattern)s", pattern=pattern))


def _models_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[type[BaseModel]]:
    """The models whose keys could stand at `loc`."""
    current = [model]
    for step in loc:
        if isinstance(step, int):
            continue
        following: list[type[BaseModel]] = []
        for owner in current:
            for key, info in owner.model_fields.items():
                if step in {key, info.alias}:
                    following.extend(_inside(info.annotation))
        current = following or current
    return current


def _inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, types.UnionType) or get_args(annotation):
        return [found for part in get_args(annotation) for found in _inside(part)]
    return []
