"""Published figures are only added to, with what their publishers call things; cohorts get a table of their own."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

import benchmark.models.figure
import benchmark.networks

# Cohorts are made anew by the next night. The names are those under which the shipped figures come from now on, so that
# a newer version of one replaces the row that is here.
NAME_WHAT_IS_THERE = """
DELETE FROM benchmark_industryfigure WHERE computed_at IS NOT NULL;
UPDATE benchmark_industryfigure
   SET publisher = CASE WHEN source LIKE '%Rival IQ%' THEN 'Rival IQ' ELSE left(source, 64) END,
       measure = CASE metric WHEN 'engagement_rate_mean' THEN 'Engagement rate per post by follower' ELSE metric END,
       published_industry = CASE industry
           WHEN 'food_beverage' THEN 'Food, beverage' WHEN 'health_beauty' THEN 'Health, beauty'
           WHEN 'higher_education' THEN 'Higher ed' WHEN 'technology' THEN 'Tech, software'
           ELSE upper(left(industry, 1)) || replace(substr(industry, 2), '_', ' ') END;
"""


def words(length, **options):
    """A column of text that existing rows have empty."""
    return models.CharField(max_length=length, default="", **options)


class Migration(migrations.Migration):
    dependencies = [
        ("benchmark", "0012_reach_model"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="industryfigure", name="one_figure_per_definition"),
        migrations.RemoveIndex(model_name="industryfigure", name="figures_for_reports"),
        migrations.AddField("industryfigure", "publisher", words(64), preserve_default=False),
        migrations.AddField(
            "industryfigure", "edition", models.CharField(blank=True, max_length=64, default=""), preserve_default=False
        ),
        migrations.AddField("industryfigure", "published_industry", words(128), preserve_default=False),
        migrations.AddField(
            "industryfigure",
            "post_format",
            models.CharField(blank=True, max_length=32, default=""),
            preserve_default=False,
        ),
        migrations.AddField("industryfigure", "measure", words(64), preserve_default=False),
        migrations.AddField("industryfigure", "target", models.BooleanField(default=True)),
        migrations.AddField(
            "industryfigure",
            "added_at",
            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField("industryfigure", "replaced_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(NAME_WHAT_IS_THERE, migrations.RunSQL.noop),
        migrations.RemoveField("industryfigure", "metric"),
        migrations.RemoveField("industryfigure", "period_start"),
        migrations.RemoveField("industryfigure", "period_end"),
        migrations.RemoveField("industryfigure", "computed_at"),
        migrations.AlterField("industryfigure", "year", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AlterField(
            "industryfigure",
            "network",
            models.CharField(choices=benchmark.models.figure.figure_networks, max_length=32),
        ),
        migrations.AlterField(
            "industryfigure",
            "industry",
            models.CharField(blank=True, choices=benchmark.models.figure.figure_industries, max_length=64),
        ),
        migrations.AlterField("industryfigure", "parts", models.CharField(max_length=64)),
        migrations.AlterField("industryfigure", "denominator", models.CharField(blank=True, max_length=32)),
        migrations.AlterField("industryfigure", "unit", models.CharField(max_length=32)),
        migrations.AddConstraint(
            "industryfigure",
            models.UniqueConstraint(
                fields=(
                    "source",
                    "year",
                    "edition",
                    "network",
                    "published_industry",
                    "follower_tier",
                    "post_format",
                    "measure",
                    "over_profiles",
                    "replaced_at",
                ),
                name="one_current_figure_per_definition",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex("industryfigure", models.Index(fields=["network", "industry"], name="figures_for_reports")),
        migrations.CreateModel(
            name="CohortFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(choices=benchmark.networks.network_choices, max_length=32)),
                ("month", models.DateField()),
                ("industry", models.CharField(choices=benchmark.models.figure.figure_industries, max_length=64)),
                ("follower_tier", models.CharField(blank=True, max_length=32)),
                ("metric", models.CharField(max_length=64)),
                ("version", models.PositiveSmallIntegerField()),
                ("basis", models.CharField(max_length=32)),
                ("profiles", models.PositiveIntegerField()),
                ("mean", models.FloatField()),
                ("p10", models.FloatField()),
                ("p25", models.FloatField()),
                ("p50", models.FloatField()),
                ("p75", models.FloatField()),
                ("p90", models.FloatField()),
                ("quantiles", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("network", "month", "industry", "follower_tier", "metric"),
                        name="one_distribution_per_cohort",
                    ),
                    models.CheckConstraint(condition=models.Q(("profiles__gte", 5)), name="a_cohort_has_five_profiles"),
                ],
            },
        ),
    ]
