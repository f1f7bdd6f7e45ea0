"""Verbs on aid: each one transaction, one audit event."""

from __future__ import annotations

from .deciding import run_approve, run_propose, run_refuse, run_withdraw
from .drawing import applications_draw
from .notice import notice_publish, objection_add, objection_answer
from .paying import award_stop, payees_set, payment_exported, results_record

__all__ = [
    "applications_draw",
    "award_stop",
    "notice_publish",
    "objection_add",
    "objection_answer",
    "payees_set",
    "payment_exported",
    "results_record",
    "run_approve",
    "run_propose",
    "run_refuse",
    "run_withdraw",
]
