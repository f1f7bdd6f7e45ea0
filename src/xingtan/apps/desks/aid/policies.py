"""Who may see, put forward and decide aid: whoever may at the organisation of the run, or of the award."""

from __future__ import annotations

from xingtan.ui.policy import Policy

from .models import Award, Objection, Run

VIEW, MANAGE, DECIDE = "aid.view", "aid.manage", "aid.decide"


class RunPolicy(Policy[Run]):
    """Actions: aid.view, aid.manage (put forward, publish, pay), aid.decide (approve, answer objections)."""

    model = Run


class AwardPolicy(Policy[Award]):
    """An award is seen by the school that applied, too."""

    model = Award


runs = RunPolicy()
awards = AwardPolicy()


class ObjectionPolicy(Policy[Objection]):
    """An objection is seen by whoever sees the run."""

    model = Objection
    org = "run__org"


objections = ObjectionPolicy()
