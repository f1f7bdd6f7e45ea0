"""The empty sheets that people fill in."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.staff import codes
from xingtan.apps.base.staff.teaching import standings
from xingtan.kernel.period import Period
from xingtan.press import xlsx

from . import staff as staff_sheet
from . import teaching as teaching_sheet

LISTED = {
    "establishment": "establishment", "category": "category", "stage": "stage", "subject": "subject", "channel": "channel",
    "degree": "degree", "certificate": "certificate", "certified": "certified", "rank": "rank",
}  # fmt: skip


def staff(place: Place) -> bytes:
    """Headings of the sheet of staff, with the pack's words to choose from."""
    columns = [
        xlsx.Column(
            target.title, "date" if target.id in {"birth", "day", "rank_day"} else "text", required=target.id in staff_sheet.REQUIRED,
            choices=tuple(word for word, _title in codes.words(place, LISTED[target.id])) if target.id in LISTED else (),
        )
        for target in staff_sheet.TARGETS
    ]  # fmt: skip
    return xlsx.write([xlsx.Sheet(_("教职工"), columns, blank_rows=200)])


def teaching(place: Place, term: Period, schools: Collection[int]) -> bytes:
    """A line for each class of a term and subject it must be taught."""
    subjects = tuple(word for word, _title in codes.words(place, "subject"))
    columns = [
        xlsx.Column(
            target.title, "number" if target.id == "periods" else "text", required=target.id in teaching_sheet.REQUIRED,
            choices=subjects if target.id == "subject" else (),
        )
        for target in teaching_sheet.TARGETS
    ]  # fmt: skip
    rows = [
        (one.row.school.name, one.name, held.need.subject, None, held.need.required)
        for one in standings(place, term, schools)
        for held in one.held
    ]
    return xlsx.write([xlsx.Sheet(_("任课表"), columns, rows, blank_rows=100)])
