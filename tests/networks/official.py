"""Random answers out of the networks' official descriptions: lexicons, an OpenAPI, a discovery document, a JSON schema.

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


# --- X's OpenAPI ------------------------------------------------------------------------------------------------------


class OpenApiOfX(OpenApi):
    """Answers of X. Little is required there, so what tells a post or a profile apart is made likely instead."""

    LIKELY = frozenset({"data", "id", "username", "created_at", "public_metrics", "type", "media_key", "media_keys"})

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._paths = json.loads(file.read_text())["paths"]

    def answer_to(self, path: str) -> st.SearchStrategy[Any]:
        """What a call may answer when all goes well."""
        content = self._paths[path]["get"]["responses"]["200"]["content"]
        return st.composite(lambda draw: self._value(draw, content["application/json"]["schema"], 0))()

    def _value(self, draw: Draw, schema: Schema, depth: int) -> Any:
        if schema.get("nullable") and (depth >= DEEPEST or draw(st.integers(0, 3)) == 0):
            return None
        if "allOf" in schema:
            members: dict[str, Any] = {}
            for part in schema["allOf"]:
                members |= self._value(draw, part, depth)
            return members
        if schema.get("type") == "object":
            likely = set(self.LIKELY) if draw(st.integers(0, 3)) else set()
            required = set(schema.get("required", ())) | likely
            return _object(draw, schema, depth, required, lambda inner: self._value(draw, inner, depth + 1))
        if "pattern" in schema:
            return draw(st.from_regex(schema["pattern"], fullmatch=True))
        return super()._value(draw, schema, depth)


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


# --- Telegram's Bot API -----------------------------------------------------------------------------------------------


class BotApi:
    """Answers of Telegram, out of its page of methods and types. A type that was trimmed away may hold anything."""

    def __init__(self, file: Path) -> None:
        described = json.loads(file.read_text())
        self._methods, self._types = described["methods"], described["types"]

    def returned_by(self, method: str) -> st.SearchStrategy[Any]:
        """What a method may give as its result."""
        return st.composite(lambda draw: self._one_of(draw, self._methods[method]["returns"], DEEPEST - 2))()

    def faults(self, method: str, result: Any) -> list[str]:
        """Where a result does not keep to what a method returns: missing, unknown and wrong members."""
        (kind,) = self._methods[method]["returns"]
        return self._faults(kind, result, kind)

    def _one_of(self, draw: Draw, kinds: list[str], depth: int) -> Any:
        return self._value(draw, draw(st.sampled_from(kinds)), depth)

    def _value(self, draw: Draw, kind: str, depth: int) -> Any:
        if kind.startswith("Array of "):
            return _list(draw, depth, lambda: self._value(draw, kind.removeprefix("Array of "), depth + 1))
        if kind in self._types:
            fields = {field["name"]: field for field in self._types[kind].get("fields", ())}
            required = {name for name, field in fields.items() if field["required"]}
            schema = {"properties": fields}
            return _object(draw, schema, depth, required, lambda field: self._one_of(draw, field["types"], depth + 1))
        simple = {"Integer": integers, "String": texts, "Boolean": st.booleans()}
        return draw(simple.get(kind, anything))

    def _faults(self, kind: str, value: Any, where: str) -> list[str]:
        simple = {"Integer": int, "String": str, "Boolean": bool}
        if kind in simple:
            return [] if isinstance(value, simple[kind]) else [f"{where} is no {kind}"]
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            return [fault for item in value for fault in self._faults(inner, item, f"{where}[]")]
        if kind not in self._types:
            return []
        fields = {field["name"]: field for field in self._types[kind]["fields"]}
        faults = [f"{where}.{name} is missing" for name in fields if fields[name]["required"] and name not in value]
        faults += [f"{where}.{name} is unknown" for name in value if name not in fields]
        known = {name: member for name, member in value.items() if name in fields}
        for name, member in known.items():
            faults += self._faults(fields[name]["types"][0], member, f"{where}.{name}")
        return faults


# --- Meta's field specifications --------------------------------------------------------------------------------------


class FieldSpecs:
    """Answers of Instagram and Facebook. A field is left out unless it was asked for and has something to say."""

    LIKELY = frozenset({"id", "username", "timestamp", "created_time", "message", "like_count", "comments_count"})
    NUMBERS = frozenset({"int", "unsigned int"})

    def __init__(self, folder: Path) -> None:
        self._nodes = {file.stem: json.loads(file.read_text()) for file in folder.glob("*.json")}

    def named(self, name: str, **edges: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        """A value of the node with this name; `edges` are what specifications leave open, drawn by the test."""
        return st.composite(lambda draw: self._node(draw, name, edges))()

    def _node(self, draw: Draw, name: str, edges: Mapping[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
        likely = draw(st.integers(0, 3)) > 0
        fields = {field["name"]: field["type"] for field in self._nodes[name]["fields"]}
        asked = [field for field in fields if (likely and field in self.LIKELY) or draw(st.integers(0, 3)) == 0]
        told = {field: draw(self._of(fields[field])) for field in asked if field not in edges}
        return told | {edge: draw(values) for edge, values in edges.items() if draw(st.booleans())}

    def _of(self, kind: str) -> st.SearchStrategy[Any]:
        if kind in self.NUMBERS:
            return integers
        simple = {"string": texts, "datetime": moments, "bool": st.booleans(), "float": st.floats(0, 1e9)}
        return simple.get(kind, anything)

    def faults(self, name: str, node: Mapping[str, Any]) -> list[str]:
        """Where a node does not keep to its specification: unknown members and wrong types."""
        known = {field["name"]: field["type"] for field in self._nodes[name]["fields"]}
        edges = {edge["endpoint"]: edge["return"] for edge in self._nodes[name]["apis"] if "endpoint" in edge}
        unknown = [f"{name}.{member} is unknown" for member in node if member not in {*known, *edges}]
        types: dict[str, type] = {"string": str, "datetime": str, "bool": bool, "int": int, "unsigned int": int}
        wrong = [
            f"{name}.{member} is no {known[member]}"
            for member, value in node.items()
            if not isinstance(value, types.get(known.get(member, ""), object))
        ]
        return unknown + wrong


# --- VK's JSON schema -------------------------------------------------------------------------------------------------


class VkSchema:
    """Answers of VK. Hardly anything is required there, so what makes a post or a page is made likely instead."""

    LIKELY = frozenset(
        {"id", "date", "from_id", "owner_id", "items", "groups", "count", "likes", "text", "attachments"}
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def answer(self, name: str) -> st.SearchStrategy[Any]:
        """What a method may answer: `wall/wall_get_response`."""
        return st.composite(lambda draw: self._value(draw, self._response(name), 0))()

    def faults(self, name: str, value: Any) -> list[str]:
        """Where an answer does not keep to its description: unknown and missing members, and wrong types."""
        return self._faults(self._response(name), value, name)

    def _response(self, name: str) -> Schema:
        section, _, definition = name.partition("/")
        return self._referred(f"../{section}/responses.json#/definitions/{definition}")

    @cache  # noqa: B019 (lives as long as the tests)
    def _document(self, path: str) -> Any:
        return json.loads((self._folder / path.removeprefix("../")).read_text())

    def _referred(self, ref: str) -> Schema:
        path, _, pointer = ref.partition("#/definitions/")
        return self._document(path)["definitions"][pointer]  # type: ignore[no-any-return]

    def _whole(self, schema: Schema) -> Schema:
        """The schema without references at its top, and with all of its members in one place."""
        if "$ref" in schema:
            return self._whole(self._referred(schema["$ref"]))
        if "allOf" not in schema:
            return schema
        members: dict[str, Schema] = {}
        for part in schema["allOf"]:
            members |= self._whole(part).get("properties", {})
        return {"type": "object", "properties": members}

    def _value(self, draw: Draw, schema: Schema, depth: int) -> Any:
        schema = self._whole(schema)
        if "oneOf" in schema:
            return self._value(draw, draw(st.sampled_from(schema["oneOf"])), depth)
        if "enum" in schema:
            return draw(st.sampled_from(schema["enum"]))
        kind = schema.get("type", "object" if "properties" in schema else "any")
        kind = kind if isinstance(kind, str) else draw(st.sampled_from(kind))
        if kind == "object":
            likely = self._required(schema) | (set(self.LIKELY) if depth < DEEPEST - 2 else set())
            return _object(draw, schema, depth, likely, lambda inner: self._value(draw, inner, depth + 1))
        if kind == "array":
            return _list(draw, depth, lambda: self._value(draw, schema["items"], depth + 1))
        whole = st.integers(-(2**63), 2**63 - 1) if schema.get("format") == "int64" else integers
        simple = {"integer": whole, "number": st.floats(0, 1e9), "boolean": st.booleans(), "string": texts}
        return draw(simple.get(kind, anything))

    def _required(self, schema: Schema) -> set[str]:
        return {name for name, member in schema.get("properties", {}).items() if member.get("required") is True}

    def _faults(self, schema: Schema, value: Any, where: str) -> list[str]:
        schema = self._whole(schema)
        if "enum" in schema and value not in schema["enum"]:
            return [f"{where} is none of {schema['enum']}"]
        types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float)}
        kind = schema.get("type", "object")
        if not isinstance(value, types[kind]):  # type: ignore[arg-type]
            return [f"{where} is no {kind}"]
        if isinstance(value, list):
            return [fault for item in value for fault in self._faults(schema["items"], item, f"{where}[]")]
        if not isinstance(value, dict):
            return []
        known = schema.get("properties", {})
        wrong = [f"{where}.{name} is unknown" for name in value if name not in known]
        wrong += [f"{where}.{name} is missing" for name in self._required(schema) - value.keys()]
        inner = (self._faults(known[name], value[name], f"{where}.{name}") for name in value if name in known)
        return wrong + [fault for faults in inner for fault in faults]


# --- lists of fields written by hand ----------------------------------------------------------------------------------


class Fields:
    """Answers of Reddit, of which there is no description but a list of fields with their types in words."""

    LIKELY = frozenset({"name", "display_name", "created_utc", "id"})

    def __init__(self, file: Path) -> None:
        self._described = json.loads(file.read_text())

    def about(self, endpoint: str) -> st.SearchStrategy[Any]:
        """What a community or a person may look like."""
        described = self._described["endpoints"][endpoint]
        data = self._members(described["fields"])
        return st.fixed_dictionaries({"kind": st.just(described["kind"]), "data": data})

    def listing(self) -> st.SearchStrategy[Any]:
        """A list of posts."""
        things = st.fixed_dictionaries(
            {"kind": st.just("t3"), "data": self._members(self._described["post"]["fields"])}
        )
        data = {"children": st.lists(things, max_size=3), "after": st.none() | texts}
        return st.fixed_dictionaries({"kind": st.just("Listing"), "data": st.fixed_dictionaries(data)})

    def _members(self, fields: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        values = {name: self._value(name, words) for name, words in fields.items()}
        likely = {name: value for name, value in values.items() if name in self.LIKELY}
        others = {name: value for name, value in values.items() if name not in self.LIKELY}
        return st.fixed_dictionaries(likely, optional=others)

    def _value(self, name: str, words: Any) -> st.SearchStrategy[Any]:
        if isinstance(words, Mapping):
            return st.none() | self._members(words)
        if name in self.LIKELY and words == "string":
            return st.from_regex(r"[A-Za-z0-9_]{1,20}", fullmatch=True) | texts
        kinds: dict[str, st.SearchStrategy[Any]] = {
            "int": integers | st.none(),
            "bool": st.booleans() | st.none(),
            "float": st.floats(0, 4e9) | st.floats(allow_nan=False, allow_infinity=False),
            "null": st.none(),
        }
        return kinds.get(words.partition(" ")[0].partition(",")[0], texts | st.none())
