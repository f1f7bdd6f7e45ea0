"""The table of contents of a snapshot: every file with its hash, the datasets' columns, and what rules and program it stands for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file: the rows of one table in one period. `exact`: fields of which every row is exact."""

    table: str
    period: str
    path: str
    sha256: str
    rows: int
    stamp: str
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    place: str
    name: str = ""  # "" for the working snapshot
    created: str = ""  # ISO, UTC
    pack_hash: str = ""
    engine_version: str = ""
    datasets: tuple[DatasetSpec, ...] = ()  # bare, by id
    parts: tuple[Part, ...] = ()

    @property
    def seal(self) -> str:
        """sha256 over rows, columns, rules and program; who keeps it can tell later whether anything was changed."""
        return _sealed(self)

    def of(self, table: str) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.table == table)

    def dataset(self, name: str) -> DatasetSpec | None:
        return next((dataset for dataset in self.datasets if dataset.id == name), None)

    def named(self, name: str, **changes: Any) -> Manifest:
        return replace(self, name=name, **changes)

    def dump(self) -> bytes:
        return _canonical({"format": FORMAT, "seal": self.seal, **self._body()})

    @classmethod
    def load(cls, content: bytes) -> Manifest:
        """Read what `dump` wrote. Raises ValueError if it is something else or its seal is broken."""
        return _loaded(content)

    @classmethod
    def _read(cls, content: bytes) -> Manifest:
        body = json.loads(content)
        if not isinstance(body, dict) or body.pop("format", None) != FORMAT:
            raise ValueError("not a manifest")
        seal = body.pop("seal", "")
        try:
            fields = {name: tuple(FieldSpec(*field) for field in columns) for name, columns in body["datasets"].items()}
            body["datasets"] = tuple(DatasetSpec(name, "", columns) for name, columns in fields.items())
            body["parts"] = tuple(Part(**{**part, "exact": tuple(part["exact"])}) for part in body["parts"])
            manifest = cls(**body)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a manifest") from error
        if manifest.seal != seal:
            raise ValueError("seal broken")
        return manifest

    def _body(self) -> dict[str, Any]:
        body = asdict(self)
        body["datasets"] = {dataset.id: [[field.id, field.type] for field in dataset.fields] for dataset in self.datasets}
        body["parts"] = sorted(body["parts"], key=lambda part: (part["table"], part["period"]))
        return body


# A page reads the same manifest several times; it says the same as long as its bytes are the same.
@lru_cache(maxsize=64)
def _loaded(content: bytes) -> Manifest:
    return Manifest._read(content)


@lru_cache(maxsize=64)
def _sealed(manifest: Manifest) -> str:
    body = {**manifest._body(), "name": "", "created": ""}
    for part in body["parts"]:
        del part["path"], part["stamp"]
    return hashlib.sha256(_canonical(body)).hexdigest()


def fingerprint(dataset: DatasetSpec) -> str:
    """Changes with the columns of a dataset, so that its files are written anew."""
    body = [[field.id, field.type, str(field.minimum), str(field.maximum)] for field in dataset.fields]
    return hashlib.sha256(_canonical(body)).hexdigest()[:12]


def exact_everywhere(parts: Iterable[Part]) -> frozenset[str]:
    """Fields that are exact in every one of the parts."""
    sets = [frozenset(part.exact) for part in parts]
    return frozenset.intersection(*sets) if sets else frozenset()


def bare(dataset: DatasetSpec) -> DatasetSpec:
    """Only what the shape of the table depends on: a frozen snapshot must outlive changes of titles, units and of the program."""
    return DatasetSpec(dataset.id, "", tuple(FieldSpec(field.id, field.type) for field in dataset.fields))


def _canonical(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
