"""Places and periods named on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.text import T

if TYPE_CHECKING:
    from xingtan.apps.base.orgs.models import Organisation, Place


def place_of(slug: str) -> Place:
    """The place of that slug. Raises XingtanError naming those there are."""
    from xingtan.apps.base.orgs.models import Place

    found = Place.objects.select_related("root", "pack_release").filter(slug=slug).first()
    if found is None:
        known = "、".join(Place.objects.values_list("slug", flat=True)) or "（无）"
        raise XingtanError.one(
            "place.unknown", T("没有地区 %(place)s", place=slug), T("已有：%(known)s；用 xingtan load 载入", known=known)
        )
    return found


def period_of(text: str) -> Period:
    """The period; a text that is none is refused by the kernel with the ways to write one."""
    return Period.parse(text)


def org_of(place: Place, code: str) -> Organisation:
    """The organisation of that code, the place's root for ""."""
    from xingtan.apps.base.orgs.selectors import org_by_code

    found = org_by_code(place, code) if code else place.root
    if found is None:
        message = T("“%(place)s”没有代码为 %(code)s 的单位", place=place.title, code=code or "（根）")
        raise XingtanError.one("org.unknown", message, T("用 xingtan figures --place %(place)s 查看有哪些单位", place=place.slug))
    return found
