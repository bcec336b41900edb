"""The official descriptions of the two networks as JSON Schemas, to hold the pretend answers against."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

PLAIN = {"string", "integer", "boolean"}
BOUNDS = {"minLength", "minimum", "maximum", "maxItems", "enum", "const"}
FORMATS = FormatChecker()
PATTERNS = {
    "did": r"^did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$",
    "handle": r"^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$",
    "cid": r"^b[a-z2-7]{58}$",
    "at-uri": r"^at://did:[a-z]+:[a-zA-Z0-9._:%-]+/[a-zA-Z0-9.]+/[a-zA-Z0-9._~:-]+$",
    "datetime": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    "uri": r"^[a-z][a-z0-9+.-]*:[^\s]+$",
    "language": r"^[a-z]{2,3}(-[A-Za-z0-9-]+)?$",
}


class Lexicons:
    """Bluesky's lexicons in a folder, translated one definition at a time."""

    def __init__(self, folder: Path) -> None:
        files = (json.loads(file.read_text()) for file in folder.rglob("*.json"))
        self.defs: dict[str, Any] = {}
        for lexicon in files:
            for name, definition in lexicon["defs"].items():
                self.defs[f"{lexicon['id']}#{name}"] = (lexicon["id"], definition)

    def output_of(self, method: str) -> Draft202012Validator:
        """What a method answers with."""
        home, definition = self.defs[f"{method}#main"]
        schema = self._schema(definition["output"]["schema"], home)
        everything = {key.replace("/", "-"): self._schema(value, at) for key, (at, value) in self.defs.items()}
        return Draft202012Validator(schema | {"$defs": everything})

    def record(self, name: str) -> Draft202012Validator:
        """What an author may write."""
        home, definition = self.defs[f"{name}#main"]
        everything = {key: self._schema(value, at) for key, (at, value) in self.defs.items()}
        return Draft202012Validator(self._schema(definition["record"], home) | {"$defs": everything})

    def _schema(self, lexicon: dict[str, Any], home: str) -> dict[str, Any]:
        kind = lexicon.get("type")
        if kind == "object":
            properties = {name: self._schema(value, home) for name, value in lexicon.get("properties", {}).items()}
            return {"type": "object", "properties": properties, "required": lexicon.get("required", [])}
        if kind == "array":
            most = {"maxItems": lexicon["maxLength"]} if "maxLength" in lexicon else {}
            return {"type": "array", "items": self._schema(lexicon["items"], home), **most}
        if kind == "ref":
            return {"$ref": f"#/$defs/{self._full(lexicon['ref'], home)}"}
        if kind == "union":
            return self._union([self._full(ref, home) for ref in lexicon["refs"]])
        if kind in PLAIN:
            pattern = PATTERNS.get(lexicon.get("format", ""))
            bounds = {name: value for name, value in lexicon.items() if name in BOUNDS}
            return {"type": kind, **bounds, **({"pattern": pattern} if pattern else {})}
        return {}

    def _union(self, refs: list[str]) -> dict[str, Any]:
        """One of several shapes, told apart by `$type`; an open union may hold shapes nobody knows yet, we do not."""
        named = [
            {
                "properties": {"$type": {"const": ref.removesuffix("#main")}},
                "required": ["$type"],
                "allOf": [{"$ref": f"#/$defs/{ref}"}],
            }
            for ref in refs
            if ref in self.defs
        ]
        return {"anyOf": named}

    @staticmethod
    def _full(ref: str, home: str) -> str:
        if ref.startswith("#"):
            return home + ref
        return ref if "#" in ref else f"{ref}#main"


@cache
def lexicons(shared: Path) -> Lexicons:
    return Lexicons(shared / "specs" / "bluesky" / "lexicons")


def mastodon_entity(shared: Path, name: str) -> Draft202012Validator:
    """A Mastodon entity of the OpenAPI description."""
    described = json.loads((shared / "specs" / "mastodon" / "openapi-trimmed.json").read_text())
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": described["components"]}, format_checker=FORMATS
    )
