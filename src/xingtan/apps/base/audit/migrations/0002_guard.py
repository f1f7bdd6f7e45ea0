"""Make the log append-only in the database itself."""

from django.db import migrations

from xingtan.apps.base.audit import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda _, editor: guard.lock(editor.connection),
            lambda _, editor: guard.unlock(editor.connection),
        )
    ]
