"""Fixed amounts by rule: aid for pupils, scholarships, allowances. Who is entitled, to how much, for how long, and what is made public."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

from .common import Formula, Id, Model, Prose, Title

PUBLISHABLE = ("org", "name", "tier", "sets", "persons")


class Condition(Model):
    """One rule of entitlement over a row of the applications; `say` is what it demands, in words an applicant understands."""

    when: Formula
    say: Title


class AidTier(Model):
    """One tier. The first whose `when` holds for a row gives its amount; a tier without `when` takes every row."""

    id: Id
    title: Title
    when: Formula | None = None
    amount: Formula = Slot(description="yuan for one person and period, made of parameters and columns of the row")
    sets: Formula | None = Slot(default=None, description="things given to one person and period, such as sets of textbooks")


class Cap(Model):
    """No more than this in one period. Whoever stands behind by `order` is left out; without `order` a person has to choose."""

    persons: Formula | None = Slot(default=None, description="most persons served, a parameter")
    amount: Formula | None = Slot(default=None, description="most yuan spent, a parameter")
    order: Formula | None = Slot(default=None, description="number of the row by which rows are served, greatest first")


class AidPublication(Model):
    """What the public notice shows, and for how many days. Names are shown masked; nothing else of a person is ever shown."""

    columns: tuple[str, ...] = Slot(
        min_length=1, description="`org`, `name`, `tier`, `sets`, `persons`, or columns of the applications that are not sensitive"
    )
    days: Formula = Slot(description="days of public notice, a parameter")


class Covers(Model):
    """Those whom the scheme ought to reach: a ledger with one row a child, compared by number."""

    ledger: Id = Slot(description="ledger with one row a child")
    number: Id = Slot(description="column with the same number as `number` of the applications")
    kind: Id | None = Slot(default=None, description="column with the kind of household, for breakdowns")


Attribute = Literal["number", "name", "sex", "stage", "grade", "boarding", "residence", "flag"]


class Draw(Model):
    """Applications can be drawn from the register of pupils: everybody on the roll, or those with one of the flags."""

    flags: tuple[str, ...] = Slot(default=(), description="kinds of special attention, such as 特困; empty: everybody on the roll")
    fill: dict[Id, Attribute] = Slot(min_length=1, description="column of the applications → what is known of the pupil")


class Aid(Model):
    """Makes an allocation a scheme of fixed amounts: rows of a ledger are the applications, a row is one person or a group with a count."""

    applications: Id = Slot(description="ledger whose rows are the applications")
    person: Id | None = Slot(default=None, description="column with the person's name; without it every row is a group")
    number: Id | None = Slot(default=None, description="column with the person's number, by which two rows of one person are recognised")
    heads: Id | None = Slot(default=None, description="column that counts the persons of a row; empty beside a name means one")
    stage: Id | None = Slot(default=None, description="column with the stage of schooling, for breakdowns")
    form: Literal["cash", "in_kind", "exemption"] = Slot(default="cash", description="paid out, given in kind, or a fee not charged")
    measure: str = Slot(default="", description="what `sets` counts in, such as 套")
    eligible: tuple[Condition, ...] = Slot(default=(), description="every one must hold; what is unknown leaves the row undecided")
    tiers: tuple[AidTier, ...] = Slot(min_length=1, description="amounts by tier; a row belongs to one")
    excludes: tuple[Id, ...] = Slot(default=(), description="schemes nobody may hold beside this one; the greater amount is kept")
    cap: Cap | None = Slot(default=None, description="limit of persons or money in a period")
    years: Formula | None = Slot(default=None, description="periods in a row an award is paid on without a new application")
    publish: AidPublication | None = None
    approval: tuple[Id, ...] = Slot(default=(), description="posts that approve, in this order; each another person")
    draw: Draw | None = Slot(default=None, description="how applications are drawn from the register of pupils")
    covers: Covers | None = Slot(default=None, description="those who ought to be reached, to see who is not")
    why: Prose = Slot(default="", description="purpose of the scheme, printed over the public notice")
