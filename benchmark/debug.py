"""What Django's page of an error, which `DEBUG` switches on, hides of our settings."""

import re

from django.views.debug import SafeExceptionReporterFilter


class HideAddresses(SafeExceptionReporterFilter):
    """Hides addresses beside what Django hides: those of servers carry passwords."""

    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|_URL|LOCATION",
        flags=re.IGNORECASE,
    )
