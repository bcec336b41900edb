"""The admin: who is followed, brands, the ledger, the state of the installation. A thin door like the others."""

from benchmark.admin import brands, figures, files, followed, ledger, network_keys, profiles, reach

__all__ = ["brands", "figures", "files", "followed", "ledger", "network_keys", "profiles", "reach"]
