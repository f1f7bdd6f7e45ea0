"""The table of contents of a snapshot: every file with its hash, the datasets' columns, and what rules and program it stands for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from types import MappingProxyType
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
    datasets: tuple[DatasetSpec, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def seal(self) -> str:
        """sha256 over rows, columns, rules and program; who keeps it can tell later whether anything was changed."""
        body = {**self._body(), "name": "", "created": ""}
        for part in body["parts"]:
            del part["path"], part["stamp"]
        return hashlib.sha256(_canonical(body)).hexdigest()

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
        body = json.loads(content)
        if not isinstance(body, dict) or body.pop("format", None) != FORMAT:
            raise ValueError("not a manifest")
        seal = body.pop("seal", "")
        try:
            body["datasets"] = tuple(map(_dataset, body["datasets"]))
            body["parts"] = tuple(Part(**{**part, "exact": tuple(part["exact"])}) for part in body["parts"])
            manifest = cls(**body)
        except (KeyError, TypeError, ArithmeticError) as error:
            raise ValueError("not a manifest") from error
        if manifest.seal != seal:
            raise ValueError("seal broken")
        return manifest

    def _body(self) -> dict[str, Any]:
        body = asdict(self)
        body["parts"] = sorted(body["parts"], key=lambda part: (part["table"], part["period"]))
        return body


def fingerprint(dataset: DatasetSpec) -> str:
    """Changes with the columns of a dataset, so that its files are written anew."""
    body = [[field.id, field.type, str(field.minimum), str(field.maximum)] for field in dataset.fields]
    return hashlib.sha256(_canonical(body)).hexdigest()[:12]


def exact_everywhere(parts: Iterable[Part]) -> frozenset[str]:
    """Fields that are exact in every one of the parts."""
    sets = [frozenset(part.exact) for part in parts]
    return frozenset.intersection(*sets) if sets else frozenset()


def _dataset(body: Mapping[str, Any]) -> DatasetSpec:
    return DatasetSpec(**{**body, "fields": tuple(map(_field, body["fields"])), "due_from": tuple(body["due_from"])})


def _field(body: Mapping[str, Any]) -> FieldSpec:
    return FieldSpec(**{**body, "minimum": _decimal(body["minimum"]), "maximum": _decimal(body["maximum"])})


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _canonical(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"cannot store {type(value).__name__}")
