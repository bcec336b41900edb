"""Which sentences of a source are marked for translation, and which are not: as `makemessages` would see it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

# What says a sentence to people, and which of its arguments that is.
SAYS = {
    "Gone": 1, "NeedsAttention": 1, "TryLater": 1, "NotLeft": 1, "FileRefused": 1, "BadRow": 0, "unfit": 2,
    "Sentence": 0,
}  # fmt: skip
WORD = re.compile(r"%\(\w+\)s")

Bound = dict[str, list[ast.expr]]


def marked_in(sources: Iterable[Path]) -> set[str]:
    """Every sentence that is marked in these files."""
    calls = [call for source in sources for call in calls_in(source) if name_of(call) == "gettext_noop"]
    assert all(isinstance(call.args[0], ast.Constant) for call in calls)
    return {call.args[0].value for call in calls}  # type: ignore[attr-defined]


def said_unmarked(source: Path) -> list[str]:
    """Every sentence that a file says to people without a mark."""
    bound = bound_in(source)
    said = [
        call.args[SAYS[name]]
        for call in calls_in(source)
        if (name := name_of(call)) in SAYS and len(call.args) > SAYS[name] and not isinstance(call.args[0], ast.Starred)
    ]
    return [f"{source.name}:{each.lineno}: {ast.unparse(each)}" for each in said if not is_marked(each, bound)]


def is_marked(said: ast.expr, bound: Bound) -> bool:
    """Whether whatever an expression may be is marked; what comes from another file is judged there."""
    if isinstance(said, ast.Constant):
        return not re.search(r"[^\W\d_]", WORD.sub("", str(said.value)))  # what only puts other sentences together
    if isinstance(said, ast.JoinedStr | ast.BinOp):
        return False
    return all(is_marked(each, bound) for each in meant_by(said, bound))


def meant_by(said: ast.expr, bound: Bound) -> list[ast.expr]:
    """All that an expression may turn out to be; nothing where that is a mark, or not said in this file."""
    match said:
        case ast.IfExp():
            return [said.body, said.orelse]
        case ast.Name():
            return bound[said.id]
        case ast.Dict():
            return said.values
        case ast.Subscript(value=holder) | ast.Call(func=ast.Attribute(value=holder, attr="items" | "values")):
            return [holder]
    return []


def bound_in(source: Path) -> Bound:
    """What the names of a file stand for, as far as the file itself says it."""
    bound: Bound = defaultdict(list)
    for node in ast.walk(ast.parse(source.read_text())):
        match node:
            case ast.Assign(targets=[target]):
                value = node.value
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                pass
            case ast.For() | ast.comprehension():
                target, value = node.target, node.iter
            case _:
                continue
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                bound[name.id].append(value)
    return bound


def calls_in(source: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    """What is called, without what it belongs to."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
