"""Views that somebody keeps: a name for the address of a table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST = 4000  # characters of an address's question: some 150 indicators


class SavedView(models.Model):
    """One table under a name. It keeps the question (indicators, level, order), never the answer. `shared`: the whole office may use it."""

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="compare_views")
    owner = models.ForeignKey("access.Account", models.CASCADE, related_name="compare_views")
    org = models.ForeignKey("orgs.Organisation", models.CASCADE, related_name="compare_views", verbose_name=_("单位"))
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(max_length=LONGEST)
    shared = models.BooleanField(_("本单位共用"), default=False)
    made = models.DateTimeField(_("保存时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("保存的视图")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["place", "owner", "name"], name="compare_view_name")]

    def __str__(self) -> str:
        return self.name
