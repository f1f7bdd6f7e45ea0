"""The peer of `benchmarks.roster`: django-import-export, one resource for each of the five models, bulk mode, over one file parsed once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any


def take(place: Any, path: Path, day: date, *, validate: bool) -> None:
    from tablib import Dataset

    from xingtan.apps.base.orgs.models import Organisation
    from xingtan.apps.base.people.models import Person
    from xingtan.apps.base.pupils.models import Act, Enrolment, Guardian, Movement, Pupil, SchoolClass

    data = Dataset().load(path.read_bytes(), format="xlsx")
    schools = {org.code: org for org in Organisation.objects.filter(place=place)}
    act = Act.objects.create(place=place, kind="roster", day=day, actor_label="测速")
    world = {"place": place, "day": day, "schools": schools, "act": act, "classes": classes(data, schools, day, SchoolClass)}
    world["validate"] = validate
    run(resource(Person, world, person), data)
    world["persons"] = dict(Person.objects.values_list("id_number_index", "pk"))
    run(resource(Pupil, world, pupil), data)
    world["pupils"] = dict(Pupil.objects.values_list("person__id_number_index", "pk"))
    run(resource(Enrolment, world, spell), data)
    world["spells"] = dict(Enrolment.objects.values_list("pupil", "pk"))
    run(resource(Movement, world, movement), data)
    run(resource(Guardian, world, guardian), data)


def classes(data: Any, schools: dict[str, Any], day: date, model: Any) -> dict[tuple[str, str, str], Any]:
    wanted = sorted({(row["学校名称"], row["年级"], row["班级"]) for row in data.dict})
    made = model.objects.bulk_create(
        model(school=schools[code], stage="小学", entry_year=2024 - grade_of(grade) + 1, number=int(name[:-1]), valid_from=day)
        for code, grade, name in wanted
    )
    return dict(zip(wanted, made, strict=True))


def grade_of(text: str) -> int:
    return "一二三四五六".index(text[0]) + 1


def index(world: dict[str, Any], row: Any) -> str:
    from xingtan.apps.base.vault.index import blind

    return blind("id_number", world["place"].slug, row["身份证件号"])


def person(world: dict[str, Any], one: Any, row: Any) -> None:
    from xingtan.apps.base.orgs.names import initials
    from xingtan.apps.base.vault.index import blind

    one.place, one.name, one.initials, one.sex = world["place"], row["姓名"], initials(row["姓名"])[:64], row["性别"]
    one.birth = row["出生日期"].date() if isinstance(row["出生日期"], datetime) else row["出生日期"]
    one.id_kind, one.id_number, one.id_number_index = row["身份证件类型"], row["身份证件号"], index(world, row)
    one.ethnic, one.phone, one.phone_index = row["民族"], row["联系电话"], blind("phone", world["place"].slug, row["联系电话"])
    one.address = row["现住址"]


PUPIL = {
    "入学年月": "entry_month", "入学方式": "entry_mode", "户口所在地": "hukou_place", "户口性质": "hukou_kind", "出生地": "birth_place", "籍贯": "native_place",
    "国籍/地区": "nationality", "政治面貌": "politics", "学生来源": "origin", "健康状况": "health", "家庭地址": "home_address", "通信地址": "mail_address",
    "邮政编码": "postcode",
}  # fmt: skip


def pupil(world: dict[str, Any], one: Any, row: Any) -> None:
    key = world["persons"][index(world, row)]
    one.place, one.person_id, one.number, one.since = world["place"], key, f"2024{key:07d}", world["day"]
    for heading, name in PUPIL.items():
        setattr(one, name, row[heading])


def spell(world: dict[str, Any], one: Any, row: Any) -> None:
    one.place, one.pupil_id, one.school = world["place"], world["pupils"][index(world, row)], world["schools"][row["学校名称"]]
    one.stage, one.grade, one.seat, one.boarding = "小学", grade_of(row["年级"]), row["班内学号"], row["就读方式"] == "住校"
    one.school_class = world["classes"][row["学校名称"], row["年级"], row["班级"]]
    one.entry_mode, one.valid_from = row["入学方式"], world["day"]


def movement(world: dict[str, Any], one: Any, row: Any) -> None:
    key = world["pupils"][index(world, row)]
    one.place, one.act, one.pupil_id, one.kind, one.day, one.begun_id = (
        world["place"],
        world["act"],
        key,
        "入学",
        world["day"],
        world["spells"][key],
    )


def guardian(world: dict[str, Any], one: Any, row: Any) -> None:
    from xingtan.apps.base.vault.index import blind

    one.pupil_id, one.order, one.relation, one.name = world["pupils"][index(world, row)], 1, row["监护人关系"], row["监护人姓名"]
    one.phone, one.phone_index = row["监护人电话"], blind("phone", world["place"].slug, row["监护人电话"])


def resource(model: Any, world: dict[str, Any], fill: Any) -> Any:
    from import_export import resources

    options = {"model": model, "use_bulk": True, "batch_size": 1000, "force_init_instance": True, "skip_diff": True, "fields": (), "clean_model_instances": world["validate"],
               "import_id_fields": (), "report_skipped": False}  # fmt: skip

    def import_instance(self: Any, instance: Any, row: Any, **_more: Any) -> None:
        fill(world, instance, row)

    body = {"Meta": type("Meta", (), options), "import_instance": import_instance}
    return type(f"{model.__name__}Resource", (resources.ModelResource,), body)()


def run(one: Any, data: Any) -> None:
    result = one.import_data(data, dry_run=False, raise_errors=True)
    assert not result.has_errors()
