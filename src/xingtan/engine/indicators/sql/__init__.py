"""Conditions and aggregates as Ibis expressions that say what is undecided: no row is dropped by a NULL."""
