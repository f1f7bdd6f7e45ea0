"""Phrases: what a typed number in a report may belong to without being a figure."""

from __future__ import annotations

from .common import Model, Title


class Phrases(Model):
    """phrases.yaml: lists of a child pack are added to the parent's."""

    set_phrases: tuple[Title, ...] = ()
    document_words: tuple[Title, ...] = ()
    measure_words: tuple[Title, ...] = ()
