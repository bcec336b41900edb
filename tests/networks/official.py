"""Random answers out of the networks' official descriptions: lexicons, an OpenAPI and a discovery document.

Every answer keeps to its description, which leaves more room than any recording shows: members that are missing,
numbers as large as numbers get, texts of any letters.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
Schema = Mapping[str, Any]

DEEPEST = 7

ODDITIES = ["", "\x00", "#tag", "<p>a</p>", "handle.invalid", "5", "\u202e", "a\nb", "javascript:alert(1)", "x" * 600]
texts = st.text(max_size=12) | st.sampled_from(ODDITIES)
moments = st.one_of(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.isoformat()
    ),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-01T10:00:00.123456789Z"]),
)
integers = st.integers(0, 10**6) | st.integers() | st.sampled_from([2**63 - 1, 2**63, 2**64, -1])
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | integers | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(texts, values, max_size=3),
    max_leaves=8,
)


def _object(draw: Draw, schema: Schema, depth: int, required: set[str], member: Callable[[Schema], Any]) -> Any:
    """An object with all required members and some of the others; only required ones where it is deep already."""
    names = schema.get("properties", {})
    kept = [name for name in names if name in required or (depth < DEEPEST and draw(st.booleans()))]
    return {name: member(names[name]) for name in kept}


def _list(draw: Draw, depth: int, member: Callable[[], Any]) -> list[Any]:
    return [member() for _ in range(draw(st.integers(0, 2 if depth < DEEPEST else 0)))]


# --- Bluesky's lexicons -----------------------------------------------------------------------------------------------


class Lexicons:
    """Answers of Bluesky."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def output(self, method: str) -> st.SearchStrategy[Any]:
        """What a method may answer."""
        schema = self._document(method)["defs"]["main"]["output"]["schema"]
        return st.composite(lambda draw: self._value(draw, schema, method, 0))()

    @cache  # noqa: B019 (lives as long as the tests)
    def _document(self, name: str) -> Any:
        return json.loads((self._folder / f"{name.replace('.', '/')}.json").read_text())

    def _value(self, draw: Draw, schema: Schema, home: str, depth: int) -> Any:  # noqa: PLR0911 (one kind each)
        kind = schema["type"]
        if kind == "ref":
            return self._referred(draw, schema["ref"], home, depth)
        if kind == "union":
            return self._union(draw, schema, home, depth)
        if kind == "object":
            required = set(schema.get("required", ())) - set(schema.get("nullable", ()))
            return _object(draw, schema, depth, required, lambda inner: self._value(draw, inner, home, depth + 1))
        if kind == "array":
            return _list(draw, depth, lambda: self._value(draw, schema["items"], home, depth + 1))
        if kind == "unknown":
            return draw(self._records() if depth < DEEPEST else anything)
        if kind == "string":
            return draw(moments if schema.get("format") == "datetime" else texts)
        simple = {"integer": integers, "boolean": st.booleans()}
        return draw(simple.get(kind, anything))

    def _union(self, draw: Draw, schema: Schema, home: str, depth: int) -> Any:
        if not schema["refs"] or draw(st.integers(0, 9)) == 0:
            return {"$type": "app.bsky.unheard#of"} | draw(st.dictionaries(texts, anything, max_size=2))
        ref = draw(st.sampled_from(schema["refs"]))
        return {"$type": ref if not ref.startswith("#") else home + ref} | self._referred(draw, ref, home, depth)

    def _referred(self, draw: Draw, ref: str, home: str, depth: int) -> Any:
        name, _, part = ref.partition("#")
        schema = self._document(name or home)["defs"][part or "main"]
        schema = schema.get("record", schema)
        return self._value(draw, schema, name or home, depth + 1)

    def _records(self) -> st.SearchStrategy[Any]:
        record = self._document("app.bsky.feed.post")["defs"]["main"]["record"]
        lawful = st.composite(lambda draw: self._value(draw, record, "app.bsky.feed.post", DEEPEST - 3))()
        return lawful | anything


# --- OpenAPI ----------------------------------------------------------------------------------------------------------


class OpenApi:
    """Answers of networks that are described by an OpenAPI."""

    def __init__(self, file: Path) -> None:
        self._schemas = json.loads(file.read_text())["components"]["schemas"]

    def named(self, name: str) -> st.SearchStrategy[Any]:
        """A value of the schema with this name."""
        return st.composite(lambda draw: self._value(draw, self._schemas[name], 0))()

    def _value(self, draw: Draw, schema: Schema, depth: int) -> Any:  # noqa: PLR0911 (one kind each)
        if "$ref" in schema:
            return self._value(draw, self._schemas[schema["$ref"].rpartition("/")[2]], depth + 1)
        if "oneOf" in schema:
            return self._value(draw, self._one_of(draw, schema["oneOf"], depth), depth)
        if "enum" in schema:
            return draw(st.sampled_from(schema["enum"]))
        kind = self._kind(draw, schema.get("type", "string"), depth)
        if kind == "object":
            required = set(schema.get("required", ()))
            return _object(draw, schema, depth, required, lambda inner: self._value(draw, inner, depth + 1))
        if kind == "array":
            return _list(draw, depth, lambda: self._value(draw, schema["items"], depth + 1))
        if kind == "string":
            return draw(moments if schema.get("format") == "date-time" else texts)
        simple: dict[str, st.SearchStrategy[Any]] = {
            "integer": integers,
            "number": st.floats(allow_nan=False, allow_infinity=False),
            "boolean": st.booleans(),
            "null": st.none(),
        }
        return draw(simple[kind])

    def _one_of(self, draw: Draw, options: list[Schema], depth: int) -> Schema:
        nothing = [option for option in options if option.get("type") == "null"]
        return draw(st.sampled_from(nothing if depth >= DEEPEST and nothing else options))  # type: ignore[no-any-return]

    def _kind(self, draw: Draw, kind: str | list[str], depth: int) -> str:
        if isinstance(kind, str):
            return kind
        return "null" if depth >= DEEPEST and "null" in kind else str(draw(st.sampled_from(kind)))


# --- Google's discovery document --------------------------------------------------------------------------------------


class Discovery:
    """Answers of YouTube. Nothing is required there, so what tells an item apart is made likely instead."""

    LIKELY = frozenset({"id", "items", "snippet", "contentDetails", "statistics", "videoId", "publishedAt"})

    def __init__(self, file: Path) -> None:
        self._schemas = json.loads(file.read_text())["schemas"]

    def named(self, name: str) -> st.SearchStrategy[Any]:
        """A value of the schema with this name."""
        return st.composite(lambda draw: self._value(draw, self._schemas[name], 0))()

    def _value(self, draw: Draw, schema: Schema, depth: int) -> Any:
        if "$ref" in schema:
            return self._value(draw, self._schemas[schema["$ref"]], depth)
        kind = schema.get("type", "any")
        if kind == "object":
            likely = set(self.LIKELY) if draw(st.integers(0, 3)) else set()
            return _object(draw, schema, depth, likely, lambda inner: self._value(draw, inner, depth + 1))
        if kind == "array":
            return _list(draw, depth, lambda: self._value(draw, schema["items"], depth + 1))
        if kind == "string":
            return self._text(draw, schema)
        simple = {"integer": st.integers(0, 2**31), "boolean": st.booleans(), "number": st.floats(0, 1e9)}
        return draw(simple.get(kind, anything))

    def faults(self, name: str, value: Any) -> list[str]:
        """Where a value does not keep to the schema with this name: unknown members and wrong types."""
        return self._faults(self._schemas[name], value, name)

    def _faults(self, schema: Schema, value: Any, where: str) -> list[str]:
        schema = self._schemas[schema["$ref"]] if "$ref" in schema else schema
        types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": float}
        if not isinstance(value, types[schema["type"]]):
            return [f"{where} is no {schema['type']}"]
        if isinstance(value, list):
            return [fault for item in value for fault in self._faults(schema["items"], item, f"{where}[]")]
        if not isinstance(value, dict):
            return []
        known = schema.get("properties", {})
        unknown = [f"{where}.{name} is unknown" for name in value if name not in known]
        inner = (self._faults(known[name], value[name], f"{where}.{name}") for name in value if name in known)
        return unknown + [fault for faults in inner for fault in faults]

    def _text(self, draw: Draw, schema: Schema) -> Any:
        if "enum" in schema:
            return draw(st.sampled_from(schema["enum"]))
        formats = {
            "uint64": st.integers(0, 2**64 - 1).map(str),
            "int64": st.integers(-(2**63), 2**63 - 1).map(str),
            "date-time": moments,
        }
        return draw(formats.get(schema.get("format", ""), texts))
