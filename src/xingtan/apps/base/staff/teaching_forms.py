"""The grid in which the timetable of a class is stated: one line a subject and teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from xingtan.apps.base.people.models import Person

from .courses import Need, hold
from .models import Assignment
from .services.teaching import Lesson

BLANK = 4  # empty lines at the end
MOST = 80
Line = tuple[str, int | None, Decimal | None]


class TimetableForm(forms.Form):
    """Lines of subject, teacher, periods. A line without any of them is not there; one without periods alone is a fault."""

    seen = forms.CharField(widget=forms.HiddenInput)
    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)

    def __init__(
        self, data: Any, *, lines: Sequence[Line], subjects: Sequence[tuple[str, str]], teachers: Mapping[int, Person], seen: str
    ) -> None:
        count = min(MOST, len(lines) + BLANK)
        super().__init__(data, initial={"seen": seen, "count": count})
        self.teachers = teachers
        if self.is_bound:
            typed = str(self.data.get("count", ""))
            count = int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed) <= MOST else count
        for at in range(1, count + 1):
            line = lines[at - 1] if at <= len(lines) else ("", None, None)
            self._add(at, line, subjects)
        self.size = count

    def _add(self, at: int, line: Line, subjects: Sequence[tuple[str, str]]) -> None:
        people = [("", "—"), *((str(pk), person.name) for pk, person in self.teachers.items())]
        words: dict[str, Any] = {"label": _("第 %(at)s 行学科") % {"at": at}, "required": False, "initial": line[0]}
        self.fields[f"subject_{at}"] = forms.ChoiceField(choices=[("", "—"), *subjects], **words) if subjects else forms.CharField(**words)
        self.fields[f"teacher_{at}"] = forms.ChoiceField(
            label=_("第 %(at)s 行教师") % {"at": at}, required=False, choices=people, initial=str(line[1] or "")
        )
        self.fields[f"periods_{at}"] = forms.DecimalField(
            label=_("第 %(at)s 行周课时") % {"at": at}, required=False, initial=line[2], max_digits=5, decimal_places=1,
            widget=forms.NumberInput(attrs={"step": "0.5"}),
        )  # fmt: skip

    @property
    def grid(self) -> list[tuple[int, list[BoundField]]]:
        """The lines as the template draws them."""
        return [(at, [self[f"{name}_{at}"] for name in ("subject", "teacher", "periods")]) for at in range(1, self.size + 1)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for at in range(1, self.size + 1):
            subject, teacher, periods = (data.get(f"{name}_{at}") for name in ("subject", "teacher", "periods"))
            if teacher and not subject and f"subject_{at}" not in self.errors:
                self.add_error(f"subject_{at}", _("写了教师，没有选学科"))
            if periods is not None and not subject and f"subject_{at}" not in self.errors:
                self.add_error(f"subject_{at}", _("写了课时，没有选学科"))
            if subject and teacher and periods is None and f"periods_{at}" not in self.errors:
                self.add_error(f"periods_{at}", _("选了教师，没有写周课时"))
        return data

    def lessons(self) -> list[Lesson]:
        """The lines that say something. A subject alone, as the plan proposes it, says nothing yet."""
        found = []
        for at in range(1, self.size + 1):
            subject, teacher, periods = (self.cleaned_data.get(f"{name}_{at}") for name in ("subject", "teacher", "periods"))
            if subject and periods is not None:
                found.append(Lesson(subject, self.teachers.get(int(teacher)) if teacher else None, periods, at))
        return found


def lines_of(lessons: Sequence[Assignment], proposed: Sequence[Need]) -> list[Line]:
    """What is stated, then the subjects of the plan that are not."""
    stated: list[Line] = [(one.subject, one.teacher_id, plain(one.periods)) for one in lessons]
    there = {line[0] for line in stated}
    return [*stated, *((need.subject, None, None) for need in proposed if not hold(need, dict.fromkeys(there, Decimal(1))).opened)]


def plain(periods: Decimal) -> Decimal:
    """5 instead of 5.0, 2.5 as it is."""
    whole = periods.to_integral_value()
    return whole if whole == periods else periods
