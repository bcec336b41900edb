from django.apps import AppConfig


class BenchmarkConfig(AppConfig):
    """The product itself: rows, doors and commands."""

    name = "benchmark"
    verbose_name = "Benchmark"
    default_auto_field = "django.db.models.BigAutoField"
