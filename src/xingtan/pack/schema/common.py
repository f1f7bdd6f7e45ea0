"""Types that every noun of a pack shares.

All models are frozen and strict: a text is a text, a number is a number, an unknown key is an error.
Numbers become `Decimal`; lists become tuples; keys that are Python keywords carry an alias (`from`, `for`).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

ID_PATTERN = r"^[a-z][a-z0-9_]*$"
DURATION = re.compile(r"^(\d{1,4}) (days|workdays|weeks|months)$")
INTERVAL = re.compile(r"^(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?$")


class Model(BaseModel):
    """Base of all pack models: frozen, strict, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_by_name=True, validate_by_alias=True)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("not_number", "a number is wanted")
    number = Decimal(value)
    if len(number.normalize().as_tuple().digits) > 15 or abs(number) >= 10**15:
        raise PydanticCustomError("too_many_digits", "at most 15 digits")
    return number


def _formula(value: Any) -> Any:
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("not_date", "a date such as 2009-09-01 is wanted") from error
    return value


def _source(value: Any) -> Any:
    return {"document": value} if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=48)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Prose = Annotated[str, StringConstraints(max_length=4000)]
Number = Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=float)]
Whole = Annotated[int, Field(ge=0, le=10**9)]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]
Formula = Annotated[str, BeforeValidator(_formula, json_schema_input_type=str | float), StringConstraints(min_length=1, max_length=2000)]
Words = Annotated[tuple[str, ...], BeforeValidator(_one_or_many, json_schema_input_type=str | tuple[str, ...])]
Duration = Annotated[str, StringConstraints(pattern=DURATION.pattern)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
IntervalText = Annotated[str, StringConstraints(pattern=INTERVAL.pattern)]
Stage = Literal["preschool", "primary", "junior", "senior", "vocational", "special", "adult"]
PeriodKindName = Literal["", "year", "half_year", "quarter", "month", "week", "day", "school_year", "term"]

# What an item is about, in words that a rule of law can test. The meaning of each stands in the generated reference.
CONCERNS: dict[str, str] = {
    "class_size": "pupils in one class",
    "per_pupil_public_funds": "yuan of public funds (公用经费) for a pupil and year",
    "basic_performance_pay": "share of performance pay paid monthly (基础性绩效工资)",
    "rewarding_performance_pay": "share of performance pay paid by appraisal (奖励性绩效工资)",
    "performance_pay": "pay that follows an appraisal",
    "promotion_rate": "promotion to the next stage: rates, numbers on the line, exam targets (升学率、上线人数)",
    "exam_scores": "marks, averages or ranks made from marks",
    "unified_exam": "an exam set by the county or town for several schools",
    "ranking": "putting pupils, classes, teachers or schools in order",
    "admission": "how pupils come into a school",
    "admission_exam": "an exam, interview or certificate used for admission",
    "key_classes": "key schools or key classes (重点学校、重点班)",
    "school_choice_fee": "money or favour for a place",
    "paid_tutoring": "teachers' paid lessons outside school",
    "sanction": "a disadvantage for a person: suspension, lower post, dismissal, pay cut",
    "tuition_fee": "tuition and miscellaneous fees of the compulsory stage",
    "single_fee": "the single fee system (一费制)",
    "pupil_data": "personal data of pupils",
    "pupil_results": "marks or ranks of named pupils",
}
Concern = Literal[
    "class_size",
    "per_pupil_public_funds",
    "basic_performance_pay",
    "rewarding_performance_pay",
    "performance_pay",
    "promotion_rate",
    "exam_scores",
    "unified_exam",
    "ranking",
    "admission",
    "admission_exam",
    "key_classes",
    "school_choice_fee",
    "paid_tutoring",
    "sanction",
    "tuition_fee",
    "single_fee",
    "pupil_data",
    "pupil_results",
]
Funds = Literal["public_funds", "budget", "project_funds", "fees", "donations", "performance_pay_pool"]
Purpose = Literal[
    "debt_repayment",
    "personnel",
    "capital_construction",
    "training",
    "running_costs",
    "equipment",
    "student_aid",
    "rewards",
    "textbooks",
]


class Source(Model):
    """The document a value or rule comes from. A bare text is read as `document`."""

    document: Title
    number: str = ""
    article: str = ""
    issuer: str = ""
    date: Day | None = None
    era: str = ""
    note: Prose = ""

    def words(self) -> str:
        """The source as one line: issuer, title, number, article."""
        parts = (self.issuer, f"《{self.document}》" if "《" not in self.document else self.document, self.number, self.article)
        return "".join(part for part in parts if part)


SourceRef = Annotated[Source, BeforeValidator(_source, json_schema_input_type=str | Source)]


class Tagged(Model):
    """Machine-readable words by which the rules of law recognise what an item does."""

    concerns: tuple[Concern, ...] = ()
    stages: tuple[Stage, ...] = Field(default=(), description="stages of schooling the item speaks of")
    spends: Funds | None = Field(default=None, description="the money the item disposes of")
    on: tuple[Purpose, ...] = Field(default=(), description="what that money is for")


class Noun(Tagged):
    """An item with an id. `amend: true` in a file changes an inherited item instead of replacing it; `remove: true` drops it."""

    id: Id
    title: Title
    title_en: str = ""
    note: Prose = Field(default="", description="remark for readers of the pack")


def interval(text: str) -> tuple[Decimal | None, Decimal | None]:
    """The two ends of `lo..hi`; an open end is None."""
    found = INTERVAL.match(text)
    assert found
    lo, hi = found.groups()
    return (Decimal(lo) if lo else None, Decimal(hi) if hi else None)
