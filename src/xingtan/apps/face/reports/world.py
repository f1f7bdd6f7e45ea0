"""What a report's template may ask, answered from one book of figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.record.figures import printing, selectors
from xingtan.apps.record.figures.store import Book
from xingtan.engine.indicators.figure import Figure, Status
from xingtan.kernel.period import Period
from xingtan.ui.text import render

from .composing import Printed
from .template import Use


class BookWorld:
    """One organisation's surroundings in a book.

    Figures are evaluated in blocks, all indicators of an organisation and period at once, and kept.
    """

    def __init__(self, shelf: Book, root: Organisation, base_url: str = "") -> None:
        shelf.require(root.code)
        self.shelf, self.base_url = shelf, base_url
        self.place = shelf.place
        self.root = (shelf.place.root or root).code
        self.indicators = frozenset(shelf.indicators)
        self.parameters = frozenset(shelf.pack.parameters)
        self._blocks: dict[tuple[str, str], dict[str, Figure]] = {}

    def org_name(self, org: str, period: str) -> str:
        return self.shelf.tree.name(org, Period.parse(period).end)

    def kind(self, org: str, period: str) -> str:
        found = self.shelf.tree.spell(org, Period.parse(period).end)
        return found.kind if found is not None else ""

    def children(self, org: str, period: str) -> Sequence[str]:
        """Those of the period, as the snapshot knows them."""
        return [child.code for child in self.shelf.tree.children(org, Period.parse(period).end)]

    def neighbour(self, period: str, step: int) -> str:
        here = Period.parse(period)
        return (here.previous(-step) if step < 0 else here.next()).text

    def period_label(self, period: str) -> str:
        return render(Period.parse(period).label())

    def parameter(self, name: str, form: printing.Form = "unit") -> str:
        """A parameter with its unit and with every decimal it has; one the source masks is said to be missing."""
        found = self.shelf.pack.parameters[name]
        if found.value is None:
            return render(printing.LOST)
        if isinstance(found.value, str):
            return found.value
        return render(printing.exactly(found.value, found.unit, form))

    def figure(self, indicator: str, org: str, period: str) -> Figure:
        """One figure; its whole block is evaluated with it."""
        key = (org, period)
        if key not in self._blocks:
            table = self.shelf.table([org], [Period.parse(period)], self.shelf.indicators)
            self._blocks[key] = {name: self._covered(table.get(name, org, period), name) for name in self.shelf.indicators}
        return self._blocks[key][indicator]

    def _covered(self, figure: Figure, name: str) -> Figure:
        """Reports leave the house: small groups of pupils are not told."""
        return self.shelf.veil.cover(figure, selectors.indicator_of(self.shelf, name)) if self.shelf.veil.counts.get(name) else figure

    def known(self, indicator: str, org: str, period: str) -> bool:
        return self.figure(indicator, org, period).status != Status.UNKNOWN

    def rows(self, indicator: str, org: str, period: str) -> int:
        return self.figure(indicator, org, period).rows

    def printed(self, use: Use) -> Printed:
        """The figure of a use as the document shows it."""
        spec = selectors.indicator_of(self.shelf, use.indicator)
        figure = self.figure(use.indicator, use.org, use.period)
        marks = printing.marks(str(figure.status), len(figure.missing) if spec.missing == "partial" else 0)
        snapshot = self.shelf.snapshot.manifest.name
        link = self.base_url + selectors.address(self.place.slug, use.indicator, use.org, use.period, snapshot=snapshot)
        text = render(printing.shown(figure.value, spec, use.form))
        return Printed(self._title(use, spec.title), text, "".join(render(mark) for mark in marks), link, tuple(self._remarks(figure)))

    def _title(self, use: Use, title: str) -> str:
        return _("%(org)s%(period)s%(title)s") % {
            "org": self.org_name(use.org, use.period),
            "period": self.period_label(use.period),
            "title": title,
        }

    def _remarks(self, figure: Figure) -> list[str]:
        """What a reader must be told: doubts, who is missing, why it is unknown, what was assumed."""
        said = [_("存疑：%(why)s") % {"why": doubt} for doubt in figure.doubts]
        said += [render(reason) for reason in figure.reasons]
        if figure.missing:
            day = Period.parse(figure.period).end
            said.append(_("缺报：%(names)s") % {"names": "、".join(self.shelf.tree.name(code, day) for code in figure.missing)})
        return said + [_("假定：%(what)s") % {"what": assumption} for assumption in figure.assumptions]
