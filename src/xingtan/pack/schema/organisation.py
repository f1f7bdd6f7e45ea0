"""Kinds of organisation, posts and who stands over whom: the town layer's shapes differ by place and are data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

from .common import Id, Model, Stage, Title

# Keep in step with docs/contracts.md, section 7.
Action = Literal[
    "org.view",
    "org.manage",
    "people.view",
    "people.manage",
    "pupil.view",
    "pupil.manage",
    "pupil.transfer",
    "pupil.export",
    "staff.view",
    "staff.manage",
    "class.manage",
    "aid.view",
    "aid.manage",
    "aid.decide",
    "purpose.decide",
    "sealed.reveal",
    "access.view",
    "access.manage",
    "audit.view",
    "pack.view",
    "pack.activate",
    "ledger.view",
    "ledger.write",
    "ledger.import",
    "figure.view",
    "snapshot.manage",
    "report.view",
    "report.issue",
    "job.view",
]
ACTIONS: dict[str, str] = {
    "org.view": "see organisations",
    "org.manage": "open, close, rename, move, merge and split organisations",
    "people.view": "see persons and posts",
    "people.manage": "enter persons and posts",
    "pupil.view": "see pupils and their spells, sensitive fields masked",
    "pupil.manage": "enter and change pupils, movements and guardians",
    "pupil.transfer": "propose transfers and answer them for the school",
    "pupil.export": "take lists of pupils out as files",
    "staff.view": "see employments, titles and secondments",
    "staff.manage": "enter and change employments, titles and secondments",
    "class.manage": "set up classes and who teaches what in them",
    "aid.view": "see student aid",
    "aid.manage": "enter applications for student aid and assess them",
    "aid.decide": "decide on student aid and its payment lists",
    "purpose.decide": "give and refuse access to sensitive fields for a stated purpose",
    "sealed.reveal": "see sensitive fields unmasked, for a purpose that was granted",
    "access.view": "see accounts and grants",
    "access.manage": "invite accounts, give and end grants",
    "audit.view": "read the audit log",
    "pack.view": "read packs and their findings",
    "pack.activate": "put a pack into force",
    "ledger.view": "read ledger rows",
    "ledger.write": "enter and change ledger rows",
    "ledger.import": "import spreadsheets and undo imports",
    "figure.view": "see figures and their provenance",
    "snapshot.manage": "make, freeze and verify snapshots",
    "report.view": "read reports",
    "report.issue": "issue reports",
    "job.view": "see background jobs",
}


class Kind(Model):
    """A kind of organisation."""

    id: Id
    title: Title
    title_en: str = ""
    tier: Literal["nation", "province", "prefecture", "county", "town", "village", "school", "unit", "other"] = "other"
    stage: tuple[Stage, ...] = Slot(default=(), description="stages taught; empty for offices")
    short: str = Slot(default="", description="how clerks abbreviate the kind")
    private: bool = Slot(default=False, description="not run by the government")


class Post(Model):
    """A post: at which kinds it exists, what its holder may do, and how far."""

    id: Id
    title: Title
    title_en: str = ""
    at: tuple[Id, ...] = Slot(default=(), description="kinds of organisation that have the post; empty: any")
    may: tuple[Action, ...] = ()
    scope: Literal["subtree", "own"] = "own"
    second_factor: bool = Slot(default=False, description="whether holders must sign in with a second factor")


class Organisation(Model):
    """organisation.yaml: kinds and posts are inherited by id; `over` says which kinds may stand directly below a kind."""

    kinds: tuple[Kind, ...] = ()
    posts: tuple[Post, ...] = ()
    over: dict[Id, tuple[Id, ...]] = {}

    def kind(self, name: str) -> Kind | None:
        """The kind of that id."""
        return next((kind for kind in self.kinds if kind.id == name), None)

    def post(self, name: str) -> Post | None:
        """The post of that id."""
        return next((post for post in self.posts if post.id == name), None)
