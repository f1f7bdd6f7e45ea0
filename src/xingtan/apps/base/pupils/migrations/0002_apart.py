"""On PostgreSQL, two spells of a pupil cannot share a day whoever writes them. (Elsewhere the services see to it under the pupil's lock.)"""

from django.db import migrations

ADD = """
ALTER TABLE pupils_enrolment ADD CONSTRAINT pupils_spell_apart
EXCLUDE USING gist (int8range(pupil_id, pupil_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
"""
DROP = "ALTER TABLE pupils_enrolment DROP CONSTRAINT pupils_spell_apart"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("pupils", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
