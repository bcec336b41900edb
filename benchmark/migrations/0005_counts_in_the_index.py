"""Counts ride along in the index of checkpoints: a benchmark asks for thousands that lie far apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0004_followers_in_the_index")]

    operations = [
        migrations.RemoveConstraint(model_name="postreading", name="one_reading_per_checkpoint"),
        migrations.AddConstraint(
            model_name="postreading",
            constraint=models.UniqueConstraint(
                fields=("post", "checkpoint"),
                include=("reactions", "comments", "shares", "quotes", "saves", "views"),
                name="one_reading_per_checkpoint",
            ),
        ),
    ]
