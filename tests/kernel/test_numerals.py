from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.kernel.cardinals import cardinal
from xingtan.kernel.numerals import parse_quantity
from xingtan.kernel.quantity import Quantity, Reason

Q = Quantity
UNKNOWN, NONE = Q.unknown(), None
DIGITS, PLACES = "零一二三四五六七八九", ("", "十", "百", "千")


def section(number: int) -> str:
    """1..9999 as Chinese writes it, by hand: the reference the reader is held against."""
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            out += ("零" if gap else "") + DIGITS[digit] + PLACES[power]
            gap = False
        elif out:
            gap = True
    return out


def chinese(number: int) -> str:
    """0..10^12 in Chinese numerals."""
    if not number:
        return "零"
    out = ""
    for size, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, size)
        if part:
            out += ("零" if out and part < 1000 else "") + section(part) + name
    return out


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals(number: int) -> None:
    assert parse_quantity(chinese(number)) == Q.exact(number)


@given(st.integers(10, 19))
def test_ten_to_nineteen_may_drop_the_one(number: int) -> None:
    assert parse_quantity(chinese(number).removeprefix("一")) == Q.exact(number)


@given(st.integers(0, 10**12), st.integers(0, 3))
def test_digits_with_and_without_commas(number: int, digits: int) -> None:
    value = Decimal(number).scaleb(-digits)
    for text in (f"{value:f}", f"{value:,f}", f"{value:f}".translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))):
        assert parse_quantity(text) == Q.exact(value)


@given(st.integers(0, 10**6), st.sampled_from(("万", "亿")))
def test_scales(number: int, scale: str) -> None:
    value = Decimal(number) / 100
    factor = {"万": 10**4, "亿": 10**8}[scale]
    assert parse_quantity(f"{value}{scale}") == Q.exact(value * factor)
    assert parse_quantity(f"{value}{scale}元", f"{scale}元") == Q.exact(value)
    assert parse_quantity(f"{value}{scale}", f"{scale}元") == Q.exact(value)


@given(st.integers(1, 9999), st.sampled_from(("人", "名", "所", "件", "元", "")))
def test_a_bound_reads_the_same_around_any_number_and_unit(number: int, unit: str) -> None:
    forms = {
        Q.more_than(number): ("{n}余{u}", "{n}多{u}", "超过{n}{u}", "突破{n}{u}", "＞{n}{u}", "{n}{u}余"),
        Q.at_least(number): ("{n}{u}以上", "至少{n}{u}", "不少于{n}{u}", "≥{n}{u}", "不低于{n}{u}", "{n}{u}及以上"),
        Q.at_most(number): ("{n}{u}以内", "{n}{u}以下", "不超过{n}{u}", "至多{n}{u}", "≤{n}{u}"),
        Q.less_than(number): ("不足{n}{u}", "不到{n}{u}", "少于{n}{u}", "<{n}{u}", "未满{n}{u}"),
        Q.about(number): ("约{n}{u}", "近{n}{u}", "{n}{u}左右", "大约 {n} {u}", "约{n}{u}左右"),
        Q.exact(number): ("{n}{u}", "共{n}{u}", "达{n}{u}", " {n} {u} "),
    }
    for expected, templates in forms.items():
        for template in templates:
            for digits in (str(number), chinese(number)):
                assert parse_quantity(template.format(n=digits, u=unit)) == expected, template


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10余", Q.more_than(10)), ("三十多", Q.more_than(30)), ("三千零三十二", Q.exact(3032)), ("两", Q.exact(2)),
        ("两千二", Q.exact(2200)), ("一百五", Q.exact(150)), ("三万五", Q.exact(35000)), ("二百零五", Q.exact(205)), ("廿三", Q.exact(23)),
        ("近500", Q.about(500)), ("约38", Q.about(38)), ("960以上", Q.at_least(960)), ("500以内", Q.at_most(500)), ("不足500", Q.less_than(500)),
        ("突破1000", Q.more_than(1000)), ("至少3", Q.at_least(3)), ("30多万元", Q.more_than(300000)), ("百余人", Q.more_than(100)),
        ("千余", Q.more_than(1000)), ("上千人", Q.at_least(1000)), ("约10余人", Q(Decimal(10), None, lo_open=True, reason=Reason.APPROXIMATE)),
        ("3%", Q.exact(3)), ("百分之九十以上", Q.at_least(90)), ("百分之三点五", Q.exact("3.5")), ("九成", Q.exact(90)), ("7‰", Q.exact("0.7")),
        ("不足3%", Q.less_than(3)), ("1.08万", Q.exact(10800)), ("1,234", Q.exact(1234)), ("1，234", Q.exact(1234)), ("１２３", Q.exact(123)),
        ("1万2千", Q.exact(12000)), ("12万3千4百", Q.exact(123400)), ("二〇〇九", Q.exact(2009)), ("007", Q.exact(7)), (".5", Q.exact("0.5")),
        ("壹万贰仟叁佰肆拾伍元陆角柒分", Q.exact("12345.67")), ("壹佰元整", Q.exact(100)), ("3元5角", Q.exact("3.5")), ("1.2E+05", Q.exact(120000)),
        ("-3", Q.exact(-3)), ("−5", Q.exact(-5)), ("负三", Q.exact(-3)), ("+3", Q.exact(3)), ("500+", Q.at_least(500)),
        ("10来个", Q.about(10)), ("十几人", Q.between(10, 20, lo_open=True, hi_open=True)), ("20几", Q.between(20, 30, lo_open=True, hi_open=True)),
        ("几十人", Q.between(10, 100, lo_open=True, hi_open=True)), ("数百名", Q.between(100, 1000, lo_open=True, hi_open=True)),
        ("七八十", Q.between(70, 80)), ("十五六个", Q.between(15, 16)), ("三四", Q.between(3, 4)),
        ("10-20", Q.between(10, 20)), ("10～20人", Q.between(10, 20)), ("10人至20人", Q.between(10, 20)), ("3至5万元", Q.between(30000, 50000)),
        ("500-1万元", Q.between(500, 10000)), ("8千至1万元", Q.between(8000, 10000)), ("90%—95%", Q.between(90, 95)), ("-5--3", Q.between(-5, -3)),
        ("约10至20人", Q(Decimal(10), Decimal(20), reason=Reason.APPROXIMATE)), ("未知（至少24人）", Q.unknown(24)), ("5至5", Q.exact(5)),
    ],
)  # fmt: skip
def test_what_clerks_write(text: str, expected: Quantity) -> None:
    assert parse_quantity(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "  ", "　", "××", "xx", "XX", "**", "##", "×", "缺", "不详", "未统计", "若干", "—", "/", "…", "1×3", "20xx", "××人", "约××人", "×万元", "××.×", "×,×××",
     "不足××", "未知", "１×"],
)  # fmt: skip
def test_masks_and_blanks_are_unknown(text: str) -> None:
    assert parse_quantity(text) == UNKNOWN


@pytest.mark.parametrize("text", ["不适用", "N/A", "n/a", "不涉及", "ＮＡ"])
def test_what_does_not_apply(text: str) -> None:
    assert parse_quantity(text) == Q.not_applicable()


@pytest.mark.parametrize(
    "text",
    ["abc", "人", "约", "多", "无", "有", "第3", "3/5", "2009-03-08", "1,23", "12,34,567", "1234,567", "12.5.6", "3.", "1 234", "三千零", "百千", "十百",
     "三十四十", "10余以上", "不足10以上", "20至10", "10余至10", "10以上至20", "不足10至20", "3(人)", "=1+2", "1'000", "三十多多多人数", "nan", "inf", "1e400", "9" * 61,
     "3所4", "10人20", "张三", "约约", "百分之", "百分之3%", "几", "数"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("1.08万元", "万元", Q.exact("1.08")), ("1.08万", "万元", Q.exact("1.08")), ("3", "万元", Q.exact(3)), ("5000元", "万元", Q.exact("0.5")),
        ("2亿元", "万元", Q.exact(20000)), ("近500万元", "万元", Q.about(500)), ("3-5万", "万元", Q.between(3, 5)), ("三十多万", "万元", Q.more_than(30)),
        ("十几万", "万元", Q.between(10, 20, lo_open=True, hi_open=True)), ("1.08万元", "元", Q.exact(10800)), ("5千克", "千克", Q.exact(5)),
        ("3名", "人", Q.exact(3)), ("3位", "名", Q.exact(3)), ("3个", "所", Q.exact(3)), ("3所", "个", Q.exact(3)), ("2公里", "米", Q.exact(2000)),
        ("5‰", "%", Q.exact("0.5")), ("3个百分点", "%", Q.exact(3)), ("30亩", "亩", Q.exact(30)), ("7旬", "旬", Q.exact(7)), ("××人", "人", UNKNOWN),
        ("3所", "人", NONE), ("30%", "人", NONE), ("3元", "人", NONE), ("××元", "人", NONE), ("5人", "%", NONE), ("3旬", "", NONE), ("", "人", UNKNOWN),
        ("10元", "角", Q.exact(100)), ("3万", "人", Q.exact(30000)), ("3万", "万人次", Q.exact(3)), ("500米至1公里", "米", Q.between(500, 1000)),
    ],
)  # fmt: skip
def test_units_are_converted_or_refused(text: str, unit: str, expected: Quantity | None) -> None:
    assert parse_quantity(text, unit) == expected


@given(st.text(max_size=30), st.sampled_from(("", "人", "万元", "%")))
def test_any_text_is_read_or_refused(text: str, unit: str) -> None:
    assert parse_quantity(text, unit) is None or isinstance(parse_quantity(text, unit), Quantity)


@given(st.text("0123456789.,一二三四五六七八九十百千万亿零两几余多约不足以上至-~×x元人% 点", max_size=14))
def test_any_mixture_of_number_words_is_read_or_refused(text: str) -> None:
    quantity = parse_quantity(text)
    if quantity is not None and not quantity.is_unknown:
        assert parse_quantity(quantity.words(minimum=None)) == quantity


@given(st.text("零一二三四五六七八九十百千万亿", min_size=1, max_size=9))
def test_a_cardinal_that_is_written_properly_is_read_as_such(text: str) -> None:
    number = cardinal(text)
    if number is not None and number.value < 10**12 and text == chinese(int(number.value)):
        assert parse_quantity(text) == Q.exact(number.value)
