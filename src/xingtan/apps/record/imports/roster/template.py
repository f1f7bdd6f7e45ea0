"""The empty roster to fill in: every column, with its words as a drop-down, and a sheet that explains them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.pupils.rules import Rules, rules
from xingtan.press import xlsx

from .fields import REQUIRED, Column, columns

BLANK_ROWS, LONGEST_LIST = 500, 200
TEXTS = frozenset({"id_number", "number", "phone", "kin1_phone", "kin2_phone", "father_phone", "mother_phone"})


def empty_sheet(place: Place) -> bytes:
    """The workbook as bytes."""
    law = rules(place)
    taught = [kind for kind, stages in law.grades.taught.items() if stages]
    schools = tuple(Organisation.objects.filter(place=place, kind__in=taught, closed=None).order_by("code").values_list("name", flat=True))
    made = [_column(law, column, schools) for column in columns(law).values()]
    notes = [[column.heading, column.note, _("必填") if column.required else _("选填")] for column in made]
    above = [
        _("列的先后可以调换，不需要的列可以删去。再次导入时，空白的格保留已有的内容，要清除请写 清空。"),
        _("证件号、学籍号、电话所在的列请先设为“文本”格式，否则表格软件会改坏 15 位以上的号码。"),
    ]
    columns_of_help = [xlsx.Column(_("列"), width=24), xlsx.Column(_("说明"), width=70), xlsx.Column(_("是否必填"))]
    sheets = [xlsx.Sheet(_("学生名册"), made, (), blank_rows=BLANK_ROWS), xlsx.Sheet(_("填写说明"), columns_of_help, notes, above=above)]
    return xlsx.write(sheets, xlsx.Properties(title=_("学生名册")))


def _column(law: Rules, column: Column, schools: tuple[str, ...]) -> xlsx.Column:
    choices: tuple[str, ...] = schools if column.id == "school" and len(schools) <= LONGEST_LIST else ()
    if column.reads == "grade":
        choices = tuple(law.grades.meanings())
    elif column.reads == "sex":
        choices = ("男", "女")
    elif column.reads in {"yes", "flag"}:
        choices = ("是", "否")
    elif column.reads == "boarding":
        choices = ("走读", "住校")
    elif column.codes:
        choices = law.words(column.codes)
    return xlsx.Column(
        column.title, note=_note(column), required=column.id in REQUIRED, choices=choices if len(choices) <= LONGEST_LIST else ()
    )


def _note(column: Column) -> str:
    if column.id in TEXTS:
        return _("请设为“文本”格式")
    said = {
        "date": _("如 2015-03-08"), "month": _("如 2023-09"), "grade": _("如三年级、七年级、高一"), "class": _("班号，如 2 班"),
        "school": _("学校的全称或代码"), "flag": _("是或否；空白则不改动"),
    }.get(column.reads, "")  # fmt: skip
    return str(said)
