"""The text of a report with its figures left open: Jinja2 in a sandbox, figures as tokens.

A figure is never printed by the template itself. Printing one writes a token and notes the *use*: indicator, organisation, period, form.
So the text cannot compute with figures, and every number of the document is known by where it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from jinja2 import StrictUndefined, TemplateError, TemplateRuntimeError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xingtan.apps.record.figures.printing import Form
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T
from xingtan.press.markdown import literal, token


@dataclass(frozen=True, slots=True)
class Use:
    """One place of the text where a figure stands."""

    indicator: str
    org: str
    period: str
    form: Form = "unit"


class World(Protocol):
    """What a template may ask: organisations, periods, parameters, and whether a figure is known."""

    root: str
    indicators: frozenset[str]
    parameters: frozenset[str]

    def org_name(self, org: str, period: str) -> str: ...
    def children(self, org: str, period: str) -> Sequence[str]: ...
    def kind(self, org: str, period: str) -> str: ...
    def neighbour(self, period: str, step: int) -> str: ...
    def period_label(self, period: str) -> str: ...
    def parameter(self, name: str, form: Form = "unit") -> str: ...
    def known(self, indicator: str, org: str, period: str) -> bool: ...
    def rows(self, indicator: str, org: str, period: str) -> int: ...


@dataclass(slots=True)
class Filled:
    """Markdown with tokens, and the use behind each token by its index."""

    markdown: str
    uses: list[Use] = field(default_factory=list)


class Shown:
    """A figure in a template. It can be printed, filtered (`wan`, `number`) and asked whether it is known; nothing else."""

    __slots__ = ("_filling", "_use")

    def __init__(self, filling: _Filling, use: Use) -> None:
        self._filling, self._use = filling, use

    def __str__(self) -> str:
        return self._filling.note(self._use)

    def __html__(self) -> str:
        return str(self)


class _Filling:
    def __init__(self, world: World) -> None:
        self.world = world
        self.uses: list[Use] = []

    def note(self, use: Use) -> str:
        if use not in self.uses:
            self.uses.append(use)
        return token(self.uses.index(use))


class Subject:
    """An organisation in a period, as templates see it: `name`, `code`, `kind`, `period`, `children`, and every indicator by its id."""

    __slots__ = ("_filling", "_org", "_period")

    def __init__(self, filling: _Filling, org: str, period: str) -> None:
        self._filling, self._org, self._period = filling, org, period

    def lookup(self, name: str) -> Any:
        """The value of a name; None when there is no such name."""
        world = self._filling.world
        if name in world.indicators:
            return Shown(self._filling, Use(name, self._org, self._period))
        simple: dict[str, Callable[[], Any]] = {
            "name": lambda: literal(world.org_name(self._org, self._period)),
            "code": lambda: literal(self._org),
            "kind": lambda: world.kind(self._org, self._period),
            "period": lambda: literal(world.period_label(self._period)),
            "children": self.children,
            "rows": lambda: self.rows,
        }
        return simple[name]() if name in simple else None

    def children(self) -> tuple[Subject, ...]:
        """The organisations directly below, at the end of the period."""
        return tuple(Subject(self._filling, org, self._period) for org in self._filling.world.children(self._org, self._period))

    def rows(self, indicator: str) -> int:
        """How many rows stand under a figure: lets a text leave out who has nothing to say."""
        world = self._filling.world
        if indicator not in world.indicators:
            raise TemplateRuntimeError(f"rows({indicator!r})")
        return world.rows(indicator, self._org, self._period)

    def __str__(self) -> str:
        return literal(self._filling.world.org_name(self._org, self._period))


class _Parameters:
    """`parameter.id`: the values of the pack."""

    __slots__ = ("_world",)

    def __init__(self, world: World) -> None:
        self._world = world

    def lookup(self, name: str) -> Any:
        return Given(self._world, name) if name in self._world.parameters else None


class Given:
    """A parameter in a template, printed with its unit; the filters of figures (`wan`, `number`) hold for it too."""

    __slots__ = ("_form", "_name", "_world")

    def __init__(self, world: World, name: str, form: Form = "unit") -> None:
        self._world, self._name, self._form = world, name, form

    def formed(self, form: Form) -> Given:
        return Given(self._world, self._name, form)

    def __str__(self) -> str:
        return literal(self._world.parameter(self._name, self._form))

    def __html__(self) -> str:
        return str(self)


class _Environment(ImmutableSandboxedEnvironment):
    """Attributes exist on subjects and parameters only; Python's own are out of reach, and so is arithmetic."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise TemplateRuntimeError(operator)

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
        raise TemplateRuntimeError(operator)

    def getattr(self, obj: Any, attribute: str) -> Any:
        found = obj.lookup(attribute) if isinstance(obj, Subject | _Parameters) else None
        if found is None:
            return self.undefined(obj=obj, name=attribute)
        return found

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, str(argument))


def _formed(form: Form) -> Callable[[Any], Any]:
    def change(figure: Any) -> Any:
        if isinstance(figure, Undefined):
            return str(figure)  # raises, naming the unknown name
        if isinstance(figure, Given):
            return figure.formed(form)
        if not isinstance(figure, Shown):
            raise TypeError(form)
        use = figure._use
        return Shown(figure._filling, Use(use.indicator, use.org, use.period, form))

    return change


def environment() -> ImmutableSandboxedEnvironment:
    """The sandbox in which report texts are filled."""
    made = _Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True)
    made.filters.clear()
    made.globals.clear()
    made.filters.update({form: _formed(form) for form in ("wan", "number", "unit")})
    return made


def fill(body: str, world: World, org: str, period: str) -> Filled:
    """Fill a report's body for one organisation and period.

    Raises XingtanError (`report.template`) with the line and reason when the text is not a template or names what does not exist.
    """
    filling = _Filling(world)
    subject = Subject(filling, org, period)
    names: dict[str, Any] = {
        "org": subject,
        "children": subject.children(),
        "period": literal(world.period_label(period)),
        "place": Subject(filling, world.root, period),
        "parameter": _Parameters(world),
        "previous": Subject(filling, org, world.neighbour(period, -1)),
        "next": Subject(filling, org, world.neighbour(period, 1)),
        "known": lambda figure: world.known(figure._use.indicator, figure._use.org, figure._use.period),
    }
    names.update({name: subject.lookup(name) for name in world.indicators if name not in names})
    try:
        text = environment().from_string(body).render(names)
    except (TemplateError, TypeError, AttributeError) as error:
        line = getattr(error, "lineno", None)
        message = T("报告模板第 %(line)s 行写错了：%(why)s", line=line or "?", why=str(error))
        raise XingtanError.one("report.template", message, T("核对指标编号和花括号")) from error
    return Filled(text, filling.uses)
