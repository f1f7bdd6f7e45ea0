"""Sealing: what stands in the database, what is shown, what opens and what does not."""

from __future__ import annotations

import copy
import pickle
import stat

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from xingtan.apps.base.people import services
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.vault import keyring, masks
from xingtan.apps.base.vault.index import blind, normal
from xingtan.apps.base.vault.sealed import UNREADABLE, Sealed, key_of, seal, unseal
from xingtan.kernel.errors import XingtanError

ID = "220523199912310014"
PHONE = "13804350001"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(TEXTS)
def test_what_was_sealed_opens_again_and_only_in_its_own_field(text):
    stored = seal(text, "people.person.phone")
    assert unseal(stored, "people.person.phone") == text
    with pytest.raises(XingtanError, match="改动"):
        unseal(stored, "people.person.address")


@given(TEXTS)
def test_two_sealings_of_one_text_differ_but_are_equal_values(text):
    one, two = (Sealed.of(text, "a.b.c") for _ in range(2))
    assert one.stored != two.stored
    assert one == two
    assert hash(one) == hash(two)


@given(TEXTS, st.sampled_from(list(masks.Kind)))
def test_a_mask_never_shows_a_whole_text(text, kind):
    shown = masks.mask(kind, text)
    assert masks.DOT in shown
    assert text not in shown or set(text) <= {masks.DOT}


def test_masks_by_kind():
    assert masks.mask("id_number", ID) == "220●●●●●●●●●●●●●14"
    assert masks.mask("phone", PHONE) == "138●●●●●●01"
    assert masks.mask("phone", "5523") == "●●"
    assert masks.mask("address", "溪山县东溪镇柳湾村三社十二号") == "溪山县东溪镇●●"
    assert masks.mask("address", "柳湾村三社") == "●●"
    assert masks.mask("health", "先天性心脏病") == "●●"
    assert masks.mask("phone", "") == ""


def test_a_value_prints_as_its_mask_everywhere():
    value = Sealed.of(PHONE, "a.b.c", "phone")
    assert f"{value}|{value!s}|{value!r}|{value:>1}".count("138●●●●●●01") == 4
    assert PHONE not in repr([value])
    assert PHONE.encode() not in pickle.dumps(value)
    assert copy.deepcopy(value).plain() == PHONE


def test_one_changed_bit_is_found():
    stored = seal("甲", "a.b.c")
    cut = stored[:-6] + ("A" if stored[-6] != "A" else "B") + stored[-5:]
    with pytest.raises(XingtanError):
        unseal(cut, "a.b.c")


def test_a_missing_key_is_told_and_a_page_shows_that_it_cannot_be_read(monkeypatch):
    value = Sealed.of("甲", "a.b.c")
    monkeypatch.setattr(keyring, "ring", keyring.fresh().with_new_key)
    assert value.mask == UNREADABLE
    with pytest.raises(XingtanError, match=r"没有密钥"):
        value.plain()


def test_the_ring_is_made_once_readable_by_its_owner_only(settings, tmp_path):
    settings.XINGTAN_KEYS = ""
    settings.XINGTAN_HOME = tmp_path / "new"
    first = keyring.ring()
    path = tmp_path / "new" / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyring.parse(path.read_bytes()) == first
    assert sorted(found.name for found in path.parent.iterdir()) == ["keys.json", "keys.made"]
    assert all(key.hex() not in repr(first) for key in first.keys.values())


def test_a_lost_ring_is_missed_not_silently_replaced(settings, tmp_path):
    settings.XINGTAN_KEYS = ""
    settings.XINGTAN_HOME = tmp_path
    first = keyring.ring()
    kept = (tmp_path / "keys.json").read_bytes()
    (tmp_path / "keys.json").unlink()
    with pytest.raises(XingtanError, match="不见了") as refused:
        keyring.ring()
    assert "放回" in str(refused.value.issues[0].hint)
    assert not (tmp_path / "keys.json").exists()
    (tmp_path / "keys.json").write_bytes(kept)
    assert keyring.ring() == first


def test_a_ring_on_a_disk_that_is_not_there_is_not_made_anew(settings, tmp_path):
    settings.XINGTAN_KEYS = str(tmp_path / "unmounted" / "keys.json")
    with pytest.raises(XingtanError, match="找不到密钥文件"):
        keyring.ring()


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format":1,"active":"k1","keys":{},"index":""}', b"\xff"])
def test_a_damaged_ring_is_told(data):
    with pytest.raises(XingtanError, match="密钥文件"):
        keyring.parse(data)


def test_a_new_key_seals_and_the_old_one_opens(settings, tmp_path):
    settings.XINGTAN_KEYS = str(tmp_path / "keys.json")
    old = seal("甲", "a.b.c")
    keyring.store(keyring.ring().with_new_key())
    new = seal("甲", "a.b.c")
    assert key_of(old) != key_of(new)
    assert unseal(old, "a.b.c") == unseal(new, "a.b.c") == "甲"


@given(TEXTS)
def test_the_blind_index_knows_a_text_however_it_is_typed(text):
    wide = text.replace("1", "１").replace("x", "Ｘ")
    assert blind("id_number", "xishan", wide) == blind("id_number", "xishan", f" {text} ")


def test_the_blind_index_tells_places_and_kinds_apart():
    found = {blind(kind, place, PHONE) for kind in ("phone", "id_number") for place in ("xishan", "shiqiao")}
    assert len(found) == 4
    assert blind("phone", "xishan", "") == blind("phone", "xishan", "  ") == ""
    assert normal("phone", "+86 138-0435-0001") == PHONE


@pytest.fixture
def pupil(cast, actor) -> Person:
    more = {"id_number": ID, "phone": PHONE, "address": "溪山县东溪镇柳湾村三社十二号"}
    return services.person_create(place=cast.place, name="甲生", actor=actor, **more)


def column(person: Person, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM people_person WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_ciphertext(pupil):
    for name in ("id_number", "phone", "address"):
        assert key_of(column(pupil, name)) == keyring.ring().active
    assert ID not in "".join(str(column(pupil, name)) for name in ("id_number", "phone", "address", "id_number_index"))
    found = Person.objects.get(id_number_index=blind("id_number", "xishan", ID.lower()))
    assert (found.pk, found.id_number.plain(), found.phone.plain()) == (pupil.pk, ID, PHONE)


def test_rows_come_as_sealed_values_by_every_way_of_reading(pupil):
    (row,) = Person.objects.filter(pk=pupil.pk).values_list("phone", flat=True)
    assert isinstance(row, Sealed)
    assert Person.objects.defer("phone").get(pk=pupil.pk).phone.plain() == PHONE
    assert Person.objects.filter(pk=pupil.pk).exclude(phone="").exists()
    with pytest.raises(FieldError, match="blind index"):
        Person.objects.filter(phone=PHONE).exists()
    with pytest.raises(FieldError):
        Person.objects.filter(phone__contains="138").exists()


def test_bulk_ways_of_writing_seal_too(pupil):
    Person.objects.filter(pk=pupil.pk).update(phone="13900000000")
    assert key_of(column(pupil, "phone")).startswith("k")
    pupil.refresh_from_db()
    pupil.phone = "13911111111"
    Person.objects.bulk_update([pupil], ["phone"])
    assert Person.objects.get(pk=pupil.pk).phone.plain() == "13911111111"
    assert "139" not in column(pupil, "phone")


def test_a_text_that_looks_sealed_is_sealed_as_well(pupil):
    pupil.address = column(pupil, "phone")
    pupil.save()
    assert Person.objects.get(pk=pupil.pk).address.plain() == column(pupil, "phone")


def test_too_long_a_text_is_refused_whole(pupil):
    with pytest.raises(XingtanError, match="太长"):
        pupil.phone = "1" * 33
