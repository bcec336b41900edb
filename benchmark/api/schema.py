"""The parts of the OpenAPI document that serializers do not tell: the Report value, and how everything is refused."""

from __future__ import annotations

from typing import Any

import msgspec

from benchmark.industry import Industry, ListedFigure
from benchmark.reports.value import Expected, MetricInfo, Report, Sensitivity, Series

TEMPLATE = "#/components/schemas/{name}"


def reference(value: type[Any]) -> dict[str, str]:
    """Where the schema of a value stands in the document."""
    return {"$ref": TEMPLATE.format(name=value.__name__)}


REPORT = reference(Report)
SERIES = reference(Series)
SENSITIVITY = reference(Sensitivity)
METRIC = reference(MetricInfo)
EXPECTED = reference(Expected)
INDUSTRY = reference(Industry)
FIGURE = reference(ListedFigure)


def add_values(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the schemas of the Report and all that it holds, and of the other values, to the document."""
    values = [Report, Series, Sensitivity, MetricInfo, Industry, ListedFigure]
    _, components = msgspec.json.schema_components(values, ref_template=TEMPLATE)
    result.setdefault("components", {}).setdefault("schemas", {}).update(components)
    return result


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of every operation that whatever else it answers has the one shape of an error."""
    error = {"schema": {"$ref": TEMPLATE.format(name="Error")}}
    other = {"description": "Refused; `code` says why.", "content": {"application/json": error}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = other
    return result
