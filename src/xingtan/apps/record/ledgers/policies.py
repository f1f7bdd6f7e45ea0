"""Who may read and write rows. Actions come from posts (`ledger.view`, `ledger.write`, `ledger.import`); the pack says who else may look,
and which columns are personal: those are masked."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from xingtan.apps.base.access.rights import rights_of
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.pack import Pack
from xingtan.pack.schema.ledger import Ledger
from xingtan.ui import policy
from xingtan.ui.policy import OrgScope, Policy

from .models import Record
from .shape import Shape

VIEW, WRITE, IMPORT = "ledger.view", "ledger.write", "ledger.import"


class RecordPolicy(Policy[Record]):
    """Rows by their organisation."""

    model = Record
    org = "org"


records = RecordPolicy()


def readable(account: Any, shape: Shape, rows: QuerySet[Record]) -> QuerySet[Record]:
    """The rows of one ledger that an account may read: `visible.read` of the pack, within what its posts reach."""
    return rows.filter(reach(account, shape.pack, shape.ledger))


def may_read(account: Any, shape: Shape, record: Record) -> bool:
    return readable(account, shape, Record.objects.filter(pk=record.pk)).exists()


def reach(account: Any, pack: Pack, ledger: Ledger) -> Q:
    """The condition on rows of a ledger under which an account may read them."""
    scope = policy.granted(account, VIEW)
    if scope.everywhere or ("public" in ledger.visible.read and scope):
        return Q()
    roots = scope.subtree | scope.own
    own = Q(org_id__in=roots) if "own" in ledger.visible.read else Q(pk__in=())
    if "superiors" in ledger.visible.read or _named(pack, ledger, roots):
        return own | policy.among(scope, "org")
    posts = _posts_named(account, pack, ledger)
    return own | policy.among(posts, "org") if posts else own


def _named(pack: Pack, ledger: Ledger, roots: frozenset[int]) -> bool:
    """Whether the account's organisations are of a kind or tier that the ledger names as readers."""
    words = set(ledger.visible.read) - {"own", "superiors", "public"}
    if not words:
        return False
    kinds = {kind.id for kind in pack.organisation.kinds if kind.id in words or kind.tier in words}
    return Organisation.objects.filter(pk__in=roots, kind__in=kinds).exists()


def _posts_named(account: Any, pack: Pack, ledger: Ledger) -> OrgScope:
    """How far those posts of the account reach that the ledger names as readers; other posts of the same account add nothing."""
    named = {post.id for post in pack.organisation.posts} & set(ledger.visible.read)
    held = [right for right in rights_of(account) if right.post in named and VIEW in right.may] if named else []
    return OrgScope(
        place_ids=frozenset(right.place.pk for right in held),
        subtree=frozenset(right.org.pk for right in held if right.scope == "subtree"),
        own=frozenset(right.org.pk for right in held if right.scope == "own"),
    )


def writable_orgs(account: Any, place: Place, shape: Shape, action: str = WRITE) -> QuerySet[Organisation]:
    """The open organisations for which an account may enter rows of the ledger (`held_by` of the pack: kinds or tiers)."""
    found = Organisation.objects.filter(place=place, closed__isnull=True).filter(policy.reach(policy.granted(account, action), "pk"))
    return found.filter(kind__in=shape.keepers) if shape.ledger.held_by else found


class Sight:
    """Which columns of a ledger are shown masked. To everybody: the plain text is opened one by one, for a purpose (`access.unmask`)."""

    def __init__(self, shape: Shape) -> None:
        self._sensitive = frozenset(shape.ledger.visible.sensitive)

    def hides(self, field: str) -> bool:
        """Whether a column is masked, so that nobody may search, sort or filter by it either."""
        return field in self._sensitive
