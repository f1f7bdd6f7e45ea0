"""The assembled pack: everything a place's rules say, inherited and checked."""

from __future__ import annotations

from .allocation import Allocation
from .calendar import Calendar
from .case import Case
from .codes import CodeTable
from .common import Id, Model, Prose
from .curriculum import Curriculum
from .duty import Duty
from .equity import EquityStandard
from .golden import Golden
from .indicator import Indicator
from .ledger import Ledger
from .manifest import Effective, NamedSource, Place
from .norms import Norm
from .organisation import Organisation
from .parameters import Parameter
from .phrases import Phrases
from .report import Report
from .scheme import Scheme
from .survey import Survey
from .target import Target
from .trust import Purpose, Sight
from .waivers import Waiver


class PackData(Model):
    """All nouns by id. `xingtan.pack.Pack` adds the hash."""

    id: Id
    version: str
    title: str
    title_en: str = ""
    note: Prose = ""
    extends: tuple[str, ...] = ()
    lineage: tuple[str, ...] = ()
    place: Place | None = None
    effective: Effective | None = None
    sources: tuple[NamedSource, ...] = ()
    parameters: dict[str, Parameter] = {}
    codes: dict[str, CodeTable] = {}
    calendar: Calendar = Calendar()
    organisation: Organisation = Organisation()
    ledgers: dict[str, Ledger] = {}
    indicators: dict[str, Indicator] = {}
    targets: dict[str, Target] = {}
    duties: dict[str, Duty] = {}
    cases: dict[str, Case] = {}
    schemes: dict[str, Scheme] = {}
    allocations: dict[str, Allocation] = {}
    surveys: dict[str, Survey] = {}
    reports: dict[str, Report] = {}
    purposes: dict[str, Purpose] = {}
    visibility: dict[str, Sight] = {}
    waivers: tuple[Waiver, ...] = ()
    norms: dict[str, Norm] = {}
    curricula: dict[str, Curriculum] = {}
    equity: dict[str, EquityStandard] = {}
    phrases: Phrases = Phrases()
    golden: dict[str, Golden] = {}
