"""What Django's page of an error, which `DEBUG` switches on, hides of settings, of forms, and of what was at hand."""

import re
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class HideSecrets(SafeExceptionReporterFilter):
    """Hides more than Django does, with `DEBUG` on as well.

    Addresses of servers carry passwords. Networks' keys are entered in forms, and held by variables of libraries that
    know nothing of secrets, so that no list of names could tell which ones to hide: the page shows the way, the lines
    and the error, and no values.
    """

    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|_URL|LOCATION",
        flags=re.IGNORECASE,
    )

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """The names of the fields that were sent."""
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request is not None else {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:  # noqa: ARG002
        """No variable of any line."""
        nothing: dict[str, Any] = {}
        return nothing.items()
