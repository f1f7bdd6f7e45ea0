"""Even supply: conditions reached school by school, differences between schools, what follows. Every number leads back to its figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xingtan.apps.record.figures import printing, selectors
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.figures.explaining import Reading
from xingtan.apps.record.figures.selectors import Group, Readings
from xingtan.apps.record.figures.store import Book
from xingtan.engine.equity.spread import School, Spread, composite, spread
from xingtan.engine.equity.standards import Condition, Standard, Standing, standing, verdict, within
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text
from xingtan.kernel.tri import Tri
from xingtan.pack.schema.equity import EquityStandard
from xingtan.press import panels

from .levels import Member, under, visible


@dataclass(frozen=True, slots=True)
class Line:
    """One condition over all schools: the county's own value, the requirement, how many reach it, the difference between schools."""

    indicator: IndicatorSpec
    county: Reading
    least: Text | None
    met: int
    asked: int
    spread: Spread
    keeps: Tri
    picture: SafeString

    @property
    def cv(self) -> str:
        return _ratio(self.spread.cv)

    @property
    def gini(self) -> str:
        return _ratio(self.spread.gini)


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school: its readings with whether each reaches the requirement, and whether the school reaches the standard."""

    member: Member
    cells: list[tuple[Reading, str]]
    standing: Standing

    @property
    def reached(self) -> str:
        return light_of(self.standing.reached)

    @property
    def count(self) -> Text:
        low, high = self.standing.at_least, self.standing.at_most
        return T("%(n)s 项", n=low) if low == high else T("%(low)s 到 %(high)s 项", low=low, high=high)


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page. `apart` are schools without pupils of the stage; `hidden` schools count but are beyond the reader's reach."""

    standard: EquityStandard
    lines: list[Line]
    schools: list[SchoolLine]
    reached: int
    total: int
    verdict: str
    composite: str
    limit: Decimal | None
    needed: Decimal | None
    floor: Text | None
    apart: list[str]
    open: list[str]
    hidden: int


def light_of(decided: Tri) -> str:
    return {True: "met", False: "miss", None: "none"}[decided]


def standard_of(shelf: Book, name: str) -> EquityStandard | None:
    """The standard of the address, or the pack's first; None when the pack lays none down. Raises XingtanError for an unknown one."""
    if name and name not in shelf.pack.equity:
        message = T("规则包 %(pack)s 里没有均衡标准 %(name)s", pack=shelf.pack.version, name=name[:48])
        raise XingtanError.one("equity.standard", message, T("从“优质均衡”页面上的学段进入"))
    return shelf.pack.equity[name] if name else next(iter(standards(shelf)), None)


def standards(shelf: Book) -> list[EquityStandard]:
    """The pack's standards, the youngest children's first."""
    words = [code.code for code in shelf.pack.codes["stage"].codes] if "stage" in shelf.pack.codes else []
    return sorted(shelf.pack.equity.values(), key=lambda one: words.index(one.stage) if one.stage in words else len(words))


def page(shelf: Book, here: Asked, standard: EquityStandard) -> Page:
    """Everything of one stage: two evaluations, for the stage and for whether a school reported at all."""
    work = _work(shelf, here, standard)
    asked, judged = work.asked, work.judged
    lines = [work.line(spec, least) for spec, least in zip(work.specs, judged.conditions, strict=True)]
    passes = verdict(work.standings.values(), [line.spread.cv for line in lines], judged.limit)
    seen = visible(here, asked)
    return Page(
        standard=standard,
        lines=lines,
        schools=[work.school(one) for one in seen if work.of(one.code)],
        reached=sum(one.reached is True for one in work.standings.values()),
        total=len(asked),
        verdict=light_of(passes),
        composite=_ratio(composite(line.spread.cv for line in lines)),
        limit=judged.limit,
        needed=judged.needed,
        floor=None if judged.floor is None else printing.exactly(judged.floor, "percent"),
        apart=[one.name for one in work.members if work.sizes[one.code].value == 0],
        open=[one.name for one in asked if work.sizes[one.code].is_unknown],
        hidden=len(asked) - len(seen),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """One stage under judgement: the schools of its kinds, their readings and sizes, what is asked of them."""

    here: Asked
    specs: list[IndicatorSpec]
    members: list[Member]
    found: Readings
    county: Readings
    sizes: Mapping[str, Quantity]
    judged: Standard
    standings: Mapping[str, Standing]

    @property
    def asked(self) -> list[Member]:
        return [one for one in self.members if one.code in self.standings]

    def of(self, code: str) -> list[Reading]:
        """The readings of one school; none where nobody reported of the stage."""
        return [self.found[spec.id, code] for spec in self.specs if (spec.id, code) in self.found]

    def line(self, spec: IndicatorSpec, condition: Condition) -> Line:
        schools = [School(code, _value(self.found, spec.id, code), size) for code, size in self.sizes.items()]
        made = spread(schools)
        county = self.county[spec.id, self.here.org.code]
        said = None if condition.least is None else printing.exactly(condition.least, spec.unit)
        met = sum(one.met[spec.id] is True for one in self.standings.values())
        shown = [reading for code in made.counted if (reading := self.found.get((spec.id, code))) is not None]
        drawing = _strip(shown, county, (condition.least, said))
        return Line(spec, county, said, met, len(self.standings), made, within(made.cv, self.judged.limit), drawing)

    def school(self, member: Member) -> SchoolLine:
        judged = self.standings[member.code]
        return SchoolLine(member, [(one, light_of(judged.met[one.indicator.id])) for one in self.of(member.code)], judged)


def _work(shelf: Book, here: Asked, standard: EquityStandard) -> _Work:
    specs = [selectors.indicator_of(shelf, one.indicator) for one in standard.conditions]
    weigh = selectors.indicator_of(shelf, standard.pupils)
    members = [one for one in under(shelf, here) if one.kind in standard.kinds and one.closed is None]
    codes = [here.org.code, *(one.code for one in members)]
    found = selectors.readings(shelf, [*specs, weigh], codes, here.period, Group("stage", standard.stage))
    whole = selectors.readings(shelf, [*specs, weigh], codes, here.period)
    sizes = {one.code: _size(found.get((weigh.id, one.code)), whole[weigh.id, one.code]) for one in members}
    judged = _standard(shelf, standard)
    values = {code: {spec.id: _value(found, spec.id, code) for spec in specs} for code, size in sizes.items() if size.value != 0}
    standings = {code: standing(code, of_school, judged) for code, of_school in values.items()}
    return _Work(here, specs, members, found, found or whole, sizes, judged, standings)


def _size(of_stage: Reading | None, whole: Reading) -> Quantity:
    """The pupils of the stage: unknown for a school that reported nothing, 0 for one that reported other stages only."""
    if whole.figure.rows == 0 or of_stage is None:
        return Quantity.unknown(0)
    return of_stage.figure.value


def _value(found: Readings, indicator: str, code: str) -> Quantity:
    return found[indicator, code].figure.value if (indicator, code) in found else Quantity.unknown()


def _standard(shelf: Book, standard: EquityStandard) -> Standard:
    conditions = tuple(Condition(one.indicator, _number(shelf, one.at_least)) for one in standard.conditions)
    return Standard(conditions, *(_number(shelf, name) for name in (standard.needed, standard.floor, standard.limit)))


def _number(shelf: Book, name: str) -> Decimal | None:
    value = shelf.pack.parameters[name].value
    return value if isinstance(value, Decimal) else None


def _strip(shown: Sequence[Reading], county: Reading, required: tuple[Decimal | None, Text | None]) -> SafeString:
    """Every school as a dot that leads to its figure, the requirement and the county's value as lines."""
    marks = [panels.Mark(one.org_name, one.number, str(one.text), one.url) for one in shown if one.number is not None]
    if len(marks) < 2:
        return mark_safe("")
    least, said = required
    lines = [panels.Mark(_("要求"), float(least), str(said))] if least is not None else []
    if county.number is not None:
        lines.append(panels.Mark(county.org_name, county.number, str(county.text)))
    ends = panels.span([*(one.value for one in marks), *(one.value for one in lines)])
    return mark_safe(panels.strip(marks, ends, lines))  # noqa: S308 - drawn by us from numbers and escaped texts


def _ratio(value: Quantity) -> str:
    return "" if value.is_unknown or value.value is None else f"{value.rounded(3).value:.3f}"
