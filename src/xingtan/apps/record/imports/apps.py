from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "xingtan.apps.record.imports"
    label = "imports"
    verbose_name = _("导入")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.apps.base.audit import display
        from xingtan.apps.base.orgs import residents
        from xingtan.apps.record.imports.residents import ImportResidents
        from xingtan.kernel.text import T

        display.register("import.upload", T("上传表格 %(target)s"))
        display.register("import.confirm", T("确认导入 %(target)s"))
        residents.register(ImportResidents())
        display.register("import.rehome", T("上传的表格改挂到%(target)s"))
        display.register("import.discard", T("放弃导入 %(target)s"))
        display.titles(
            "import",
            {
                "ledger": T("台账"),
                "file": T("文件"),
                "sha256": T("文件校验值"),
                "only_good": T("只取无误的行"),
                "imports": T("上传数"),
                "from": T("自"),
                "to": T("至"),
            },
        )
