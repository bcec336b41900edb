"""Names for the lists of the admin. No table changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0002_limit_held_by_the_database")]

    operations = [
        *(
            migrations.CreateModel(
                name=name,
                fields=[],
                options={"proxy": True, "indexes": [], "constraints": []},
                bases=("benchmark.trackedprofile",),
            )
            for name in ("Competitor", "OwnAccount")
        ),
        migrations.AlterModelOptions("fetchrun", {"verbose_name": "run", "verbose_name_plural": "ledger"}),
    ]
