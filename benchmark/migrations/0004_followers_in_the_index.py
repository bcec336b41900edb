"""Followers ride along in the index of readings, so that a benchmark never visits the table itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0003_competitors_and_own_accounts")]

    operations = [
        migrations.RemoveConstraint(model_name="profilereading", name="one_reading_per_moment"),
        migrations.AddConstraint(
            model_name="profilereading",
            constraint=models.UniqueConstraint(
                fields=("profile", "read_at"), include=("followers",), name="one_reading_per_moment"
            ),
        ),
    ]
