"""What the pack and the tree say about a post: that it exists, that such an organisation has it, that the organisation is there."""

from __future__ import annotations

from datetime import date

from xingtan.apps.base.orgs.models import EVER, Organisation, OrgSpell, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.orgs.tree import day_text
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T
from xingtan.pack import Pack


def post_faults(place: Place, org: Organisation, post: str, day: date) -> list[Issue]:
    """Everything that speaks against somebody holding the post there from the day on."""
    if org.place_id != place.pk:
        return [
            error(
                "people.other_place", T("“%(org)s”不属于%(place)s", org=org.name, place=place.title), Where(field="org"), T("选本地的组织")
            )
        ]
    spells = list(OrgSpell.objects.filter(org=org).order_by("valid_from"))
    spell = next((one for one in spells if one.valid_from <= day < one.valid_to), None)
    if day == EVER and spells:
        spell = spells[0]  # nobody knows since when: as long as the organisation has been there
    found = _pack_faults(active_pack_or_none(place), post, spell.kind if spell else org.kind, org.name)
    if spell is None:
        message = T("“%(org)s”在%(day)s不存在", org=org.name, day=day_text(day))
        found.append(error("people.org_absent", message, Where(field="day"), T("核对日期，或选当时存在的组织")))
    return found


def _pack_faults(pack: Pack | None, post: str, kind: str, name: str) -> list[Issue]:
    if pack is None:
        return []
    known = pack.organisation.post(post)
    if known is None:
        titles = "、".join(one.title for one in pack.organisation.posts)
        message = T("规则包里没有职务 %(post)s", post=post[:48])
        return [error("people.post", message, Where(field="post"), T("可用的职务：%(titles)s", titles=titles))]
    if known.at and kind not in known.at:
        titles = "、".join(one.title for one in pack.organisation.posts if not one.at or kind in one.at)
        message = T("“%(org)s”不设职务“%(post)s”", org=name, post=known.title)
        return [error("people.post_at", message, Where(field="post"), T("这里可设：%(titles)s", titles=titles))]
    return []
