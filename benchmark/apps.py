from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save


class BenchmarkConfig(AppConfig):
    """The product itself: rows, doors and commands."""

    name = "benchmark"
    verbose_name = "Benchmark"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from benchmark.industry.published import load_after_migrations  # models are there from here on
        from benchmark.ingest.waking import wake_when_kept

        post_migrate.connect(load_after_migrations, sender=self)
        post_save.connect(wake_when_kept, sender="accounts.Credential")
