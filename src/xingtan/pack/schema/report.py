"""Reports: Markdown with figures in it, and the frame of the official document around it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

from .common import Model, Noun, Prose, SourceRef, Title, Words


class Document(Model):
    """The frame in GB/T 9704 form. Texts may hold `{{ period }}`, `{{ org.name }}` and `{{ place.name }}`, never figures."""

    issuer: str = Slot(default="", description="issuing office on the red head and in the signature; empty: the organisation's name")
    number: str = Slot(default="", description="document number such as 辉教字〔2009〕26号")
    addressee: str = Slot(default="", description="main recipient, without the colon")
    date: str = Slot(default="", description="date of the signature; empty: the day of issue")
    copy_to: tuple[str, ...] = ()
    seal: bool = False
    form: Literal["document", "letter", "speech", "notice"] = "document"


class Report(Noun):
    """The front matter of reports/*.md; `body` is the text after it."""

    kind: Literal["annual", "half_year", "term", "speech", "notice", "briefing", "other"] = "other"
    period: Literal["year", "half_year", "quarter", "month", "week", "school_year", "term", "any"] = "year"
    at: Words = Slot(default=(), description="kinds or tiers of organisation the report is made for; empty: any")
    document: Document = Document()
    basis: SourceRef | None = None
    summary: Prose = ""
    publishes: tuple[Literal["pupil_ranks", "pupil_results", "pupil_names", "school_ranks", "fees"], ...] = Slot(
        default=(), description="what the report makes public about persons and schools"
    )
    heading: Title | None = Slot(
        default=None, description="title of the document; may hold {{ period }} and {{ place.name }}; default: title"
    )
    body: str = Slot(default="", description="filled by the loader")
