from typing import Any

from django.core.management.base import CommandError

from accounts.rotation import reseal_everything
from accounts.vault import UnreadableSecretError
from benchmark.management import preflight
from benchmark.management.base import PlainCommand


class Command(PlainCommand):
    help = "Encrypt every stored secret again with the first of ENCRYPTION_KEYS, so that the others can be taken out."
    example = "ENCRYPTION_KEYS=new,old manage.py rotate_secrets"

    def handle(self, *_args: Any, **_options: Any) -> None:
        if problem := preflight.encryption_problem():
            raise CommandError(f"{problem} Nothing was changed.")
        try:
            sealed = reseal_everything()
        except UnreadableSecretError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.stdout.write(f"Secrets sealed with the first of ENCRYPTION_KEYS: {sealed}. The others may go.")
