"""What schools have: teachers of more than the required degree, rooms, grounds, apparatus. Town schools have more than village schools."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from .cohorts import Population, opened
from .tree import School

Row = dict[str, object]
# A pupil's part of: teachers of higher degree, backbone teachers, PE and arts teachers, rooms, grounds (m²), yuan, multimedia rooms.
USUAL = {"小学": (0.052, 0.0125, 0.0115, 5.6, 9.4, 2500, 0.029), "初中": (0.066, 0.0125, 0.0115, 7.2, 12.4, 3100, 0.030)}
COUNTED = ("高于规定学历教师数", "县级以上骨干教师数", "体育艺术专任教师数")


def conditions(population: Population, random: Random, years: tuple[int, ...]) -> Iterator[Row]:
    """One row a school, stage and year. Each school has its own standing, which improves a little every year."""
    schools = [one for one in population.schools if set(one.weights) & set(USUAL) and one.unit.kind != "teaching_point"]
    standing = {one.unit.code: random.uniform(0.8, 1.25) + (0.08 if one.urban else 0.0) for one in schools}
    silent = random.choice(schools).unit.code
    for year in years:
        for school in schools:
            if opened(school, year) and not (school.unit.code == silent and year == years[0]):
                grown = standing[school.unit.code] * (1 + 0.04 * (year - years[-1]))
                yield from _rows(school, population, random, (year, grown))


def _rows(school: School, population: Population, random: Random, told: tuple[int, float]) -> Iterator[Row]:
    year, standing = told
    for stage in school.weights:
        if stage in USUAL:
            pupils = sum(one.size(year) for one in population.of(school, stage))
            amounts = [pupils * each * standing * random.uniform(0.92, 1.08) for each in USUAL[stage]]
            yield {
                "单位": school.unit.code, "期间": year, "学段": stage, "学生数": pupils,
                **{title: round(amount) for title, amount in zip(COUNTED, amounts, strict=False)},
                "教学及辅助用房面积": round(amounts[3]), "体育运动场馆面积": round(amounts[4]),
                "教学仪器设备值": int(round(amounts[5], -3)), "网络多媒体教室数": max(1, round(amounts[6])),
            }  # fmt: skip
