"""The readings of one profile lie together in an index that holds all that a benchmark reads of them."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE benchmark_postreading AS reading SET profile_id = post.profile_id
  FROM benchmark_post AS post WHERE post.id = reading.post_id
"""

# Whoever stores a reading may leave out what the post says.
FILLED_IN = """
CREATE FUNCTION benchmark_reading_of_its_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.profile_id := (SELECT profile_id FROM benchmark_post WHERE id = NEW.post_id);
    RETURN NEW;
END $$;
CREATE TRIGGER benchmark_reading_of_its_profile BEFORE INSERT ON benchmark_postreading
    FOR EACH ROW WHEN (NEW.profile_id IS NULL) EXECUTE FUNCTION benchmark_reading_of_its_profile();
"""
LEFT_OUT = """
DROP TRIGGER benchmark_reading_of_its_profile ON benchmark_postreading;
DROP FUNCTION benchmark_reading_of_its_profile();
"""


def profile(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        "benchmark.profile", django.db.models.deletion.CASCADE, related_name="+", db_index=False, null=null
    )


class Migration(migrations.Migration):
    # Filled and tied in one transaction: PostgreSQL alters no table whose deferred checks are still to come.
    dependencies = [("benchmark", "0004_followers_in_the_index")]

    operations = [
        migrations.AddField(model_name="postreading", name="profile", field=profile(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(model_name="postreading", name="profile", field=profile(null=False)),
        migrations.RunSQL(FILLED_IN, LEFT_OUT),
        migrations.AddIndex(
            model_name="postreading",
            index=models.Index(
                fields=["profile", "checkpoint", "post"],
                include=("reactions", "comments", "shares", "quotes", "saves", "views"),
                name="readings_for_reports",
            ),
        ),
    ]
