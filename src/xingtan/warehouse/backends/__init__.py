"""Query engines over a snapshot. Each implements the engine's `Runner`; the few differences between them end here."""
