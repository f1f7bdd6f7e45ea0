"""What real returns look like: some are missing, some say “more than”, one contradicts itself, one is written in Chinese numerals."""

from __future__ import annotations

from random import Random

from .returns import LAST, Row

Tables = dict[str, list[Row]]


def soil(tables: Tables, random: Random) -> Tables:
    """The same tables with the faults that a statistician meets every year."""
    basics = tables["school_basics"]
    silent = set(random.sample(sorted({str(row["单位"]) for row in basics if row["期间"] == LAST}), 2))
    tables["school_basics"] = [row for row in basics if not (row["期间"] == LAST and row["单位"] in silent)]
    for row in random.sample(tables["publication"], 5):
        row["数量"] = f"{row['数量']}余"
    for row in random.sample(tables["activity"], 6):
        row["参加人次"] = random.choice(["三十多", "近50", "约40", "××"])
    for row in random.sample(tables["funds_paid"], 2):
        row["存疑"] = "与财务决算不一致，待核对"
    slip = random.choice([row for row in tables["student_aid"] if row["期间"] == LAST])
    slip["金额"] = int(str(slip["金额"])) * 10
    return tables
