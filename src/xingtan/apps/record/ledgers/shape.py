"""A ledger of a place as the pack in force describes it, with everything a row needs to be read, checked and stored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T
from xingtan.pack import Pack
from xingtan.pack.schema.ledger import NUMERIC, Field, Ledger

from .books import CodeBook, Miss, OrgBook, some
from .models import DATE_SLOTS, NUMBER_SLOTS, TEXT_SLOTS, LedgerState
from .sealing import hash_key

Layout = dict[str, str]


@dataclass(frozen=True)
class Shape:
    """`layout` says which field stands in which slot of `Record`; a field that found no free slot is not there."""

    place: Place
    pack: Pack
    ledger: Ledger
    layout: Layout

    @cached_property
    def orgs(self) -> OrgBook:
        """The organisations' names, read when words are first looked up: most lists ask for none."""
        return OrgBook.of(self.place)

    @cached_property
    def codes(self) -> dict[str, CodeBook]:
        """Code books by field id."""
        tables = self.pack.codes
        return {f.id: CodeBook.of(tables[f.codes]) for f in self.ledger.fields if f.codes and f.codes in tables}

    @cached_property
    def fields(self) -> dict[str, Field]:
        return {f.id: f for f in self.ledger.fields}

    @cached_property
    def date_field(self) -> Field | None:
        """The field that dates a row: `date`, else the first date of the key, else the first date."""
        dates = [f for f in self.ledger.fields if f.type == "date"]
        named = [f for f in dates if f.id == "date"]
        keyed = [f for f in dates if f.id in self.ledger.key]
        return next(iter([*named, *keyed, *dates]), None)

    @cached_property
    def parameters(self) -> dict[str, object]:
        return {name: parameter.value for name, parameter in self.pack.parameters.items()}

    @cached_property
    def hash_key(self) -> bytes:
        """The key for hashes of rows; empty for a ledger without sensitive columns."""
        return hash_key(self.ledger)

    @property
    def keyed(self) -> bool:
        """Whether rows are told apart by key (or by organisation and period), not only by all they say."""
        return bool(self.ledger.key) or bool(self.ledger.period)

    @cached_property
    def keepers(self) -> frozenset[str]:
        """The kinds of organisation that keep the ledger (`held_by` of the pack: kinds or tiers)."""
        held = set(self.ledger.held_by)
        return frozenset(kind.id for kind in self.pack.organisation.kinds if not held or kind.id in held or kind.tier in held)

    def not_kept_by(self, org_id: int) -> Miss | None:
        """A fault when an organisation does not keep the ledger. Whoever once was of such a kind may hand in what belongs to that time."""
        if not self.ledger.held_by or self.orgs.kinds.get(org_id, set()) & self.keepers:
            return None
        name, title = self.orgs.titles[self.orgs.codes[org_id]], self.ledger.title
        kinds = some(kind.title for kind in self.pack.organisation.kinds if kind.id in self.keepers)
        return Miss(
            "org.not_keeper",
            T("“%(org)s”不记“%(ledger)s”台账", org=name, ledger=title),
            T("这本台账由%(kinds)s记：请改填该记的单位，或删去这一行", kinds=kinds),
        )

    def titles(self, name: str) -> dict[str, str]:
        """Titles of the codes or organisations that a field may hold."""
        if self.fields[name].type == "org":
            return self.orgs.titles
        return self.codes[name].spoken() if name in self.codes else {}


def ledger_of(pack: Pack, name: str) -> Ledger:
    """The ledger of that id; raises XingtanError when the pack in force has none."""
    found = pack.ledgers.get(name)
    if found is None:
        raise XingtanError.one(
            "ledger.unknown", T("规则包“%(pack)s”里没有台账“%(name)s”", pack=pack.title, name=name), T("请从“台账”页进入")
        )
    return found


def shape_of(place: Place, name: str, pack: Pack | None = None) -> Shape:
    """The ledger as it is in force now. Raises XingtanError for an unknown ledger or a place without a pack.

    `pack`: the pack in force, where the caller has just read it.
    """
    pack = pack or orgs.active_pack(place)
    ledger = ledger_of(pack, name)
    layout: Layout = LedgerState.objects.filter(place=place, ledger=name).values_list("layout", flat=True).first() or {}
    return Shape(place, pack, ledger, laid_out(ledger, layout))


def laid_out(ledger: Ledger, known: Layout) -> Layout:
    """Slots for the fields: those that have one keep it; sorted, searched and key fields come first among the others. Sensitive ones get
    none: a slot repeats a cell openly."""
    hidden = frozenset(ledger.visible.sensitive)
    layout = {name: slot for name, slot in known.items() if name not in hidden}
    wanted = [name.lstrip("-") for name in ledger.sort] + list(ledger.search) + list(ledger.key)
    # Plain texts that nobody sorts, searches or tells rows apart by stay where they are.
    rest = [f.id for f in ledger.fields if f.type != "text"]
    order = dict.fromkeys([*wanted, *rest])
    for name in order:
        found = ledger.field(name)
        if found is None or name in layout or name in hidden:
            continue
        free = [slot for slot in slots_for(found) if slot not in layout.values()]
        if free:
            layout[name] = free[0]
    return layout


def slots_for(field_: Field) -> tuple[str, ...]:
    """The slots that can hold a field."""
    if field_.type in NUMERIC:
        return NUMBER_SLOTS
    return DATE_SLOTS if field_.type == "date" else TEXT_SLOTS
