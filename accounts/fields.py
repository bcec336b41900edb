from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    EmailField = models.EmailField[str, str]  # generic for the type checker alone
else:
    EmailField = models.EmailField


class LowerEmailField(EmailField):
    """An e-mail address that is one address in any case: stored, looked up and compared in lower case."""

    def to_python(self, value: Any) -> Any:
        return _lower(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return _lower(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        address = _lower(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, address)
        return address


def _lower(address: Any) -> Any:
    return address.strip().lower() if isinstance(address, str) else address
