"""Definitions put back where they stood: what a source lost is taken from what it was, line by line, with the names that it needs.

Everything else of the source stays as it is, and its line endings are used throughout. What stands in a branch comes back with the whole of it, or not at all.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from impact.programs.parsing import read_tree

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_LATE: frozenset[tuple[type[ast.AST], str]] = frozenset((kind, "body") for kind in (*_FUNCTIONS, ast.Lambda))
# Where annotations are kept as they are written (PEP 563).
_ANNOTATIONS: frozenset[tuple[type[ast.AST], str]] = frozenset(
    {*((kind, "returns") for kind in _FUNCTIONS), (ast.arg, "annotation"), (ast.AnnAssign, "annotation")}
)


def bring_back(before: bytes, after: bytes, names: Iterable[str]) -> bytes | None:
    r"""Return `after` with some names defined as they were in `before`: `name`, or `Class.member`. None where that cannot be done.

    >>> print(bring_back(b"import os\n\ndef f():\n    return os.sep\n\ndef g(): ...\n", b"def g(): ...\n", ["f"]).decode())
    import os
    <BLANKLINE>
    def f():
        return os.sep
    <BLANKLINE>
    def g(): ...
    <BLANKLINE>
    """
    old, new = read_tree(before), read_tree(after)
    if not isinstance(old, ast.Module) or not isinstance(new, ast.Module):
        return None
    work = _Restoration(before, after, old, new)
    if not all(work.add(name) for name in names):
        return None
    result = work.written()
    return result if isinstance(read_tree(result), ast.Module) else None


@dataclass(frozen=True, order=True)
class _Insertion:
    """Lines that go in front of a line of the source that is edited, the first being 0; `order` is where they stood."""

    at: int
    order: int
    lines: tuple[bytes, ...] = field(compare=False)


@dataclass
class _Restoration:
    before: bytes
    after: bytes
    old: ast.Module
    new: ast.Module
    _found: dict[tuple[int, int, str], _Insertion] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._old_lines, self._new_lines = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        self._annotates_late = any(isinstance(one, ast.ImportFrom) and one.module == "__future__" and "annotations" in _bound(one) for one in self.new.body)
        self._ending = b"\r\n" if self._new_lines and self._new_lines[0].endswith(b"\r\n") else b"\n"

    def add(self, name: str) -> bool:
        """Take a name back, and what its definition needs; return whether that can be done."""
        if name in self._wanted:
            return True
        self._wanted.add(name)
        owner, _, last = name.rpartition(".")
        old, new = self.old.body, self.new.body
        for part in owner.split(".") if owner else ():
            (before, after) = (_class(body, part) for body in (old, new))
            if before is None:
                return False
            if after is None:
                return self.add(name.partition(".")[0]) if old is self.old.body else False
            if before.col_offset != after.col_offset or any(one.body[0].lineno == one.lineno for one in (before, after)):
                return False
            if before.body[0].col_offset != after.body[0].col_offset:
                return False
            old, new = before.body, after.body
        places = [index for index, statement in enumerate(old) if last in _bound(statement)]
        present = {one for statement in new for one in _bound(statement)}
        if last in present:
            return True
        return bool(places) and all(self._take(old, new, index, name, present) for index in places)

    def _take(self, old: Sequence[ast.stmt], new: Sequence[ast.stmt], index: int, name: str, present: set[str]) -> bool:
        statement = old[index]
        owner = name.rpartition(".")[0]
        if isinstance(statement, _IMPORTS) and not owner:
            self._import(statement, name)
            return True
        if not _bound(statement).isdisjoint(present):
            return False  # a part of it is still there, in some other shape
        first, last = self._span(self._old_lines, statement)
        text = self._old_lines[first:last]
        if not _is_alone(old, index) or not (self._same_encoding() or b"".join(text).isascii()):
            return False
        usual = 0 if not isinstance(statement, _DEFINITIONS) else 1 if statement.col_offset else 2
        above = _blanks_before(self._old_lines, first) if index else usual
        below = _blanks_after(self._old_lines, last) if index + 1 < len(old) else usual
        # What is looked up at once has to stand above; in the body of a class, its own names come first.
        at_once = {node.id for node in _looked_up(statement, _LATE | _ANNOTATIONS if self._annotates_late else _LATE)}
        inside = {one for known in old for one in _bound(known)} & at_once if owner else set()
        outside = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)} - inside
        needed = sorted(outside & {one for known in self.old.body for one in _bound(known)}) + sorted(f"{owner}.{one}" for one in inside)
        if not all(self.add(one) for one in needed):
            return False
        at, behind = self._place(old, new, index)
        if (lowest := self._lowest(old, new, at_once)) > at:
            at, behind = lowest, True
        lines = [line.rstrip(b"\r\n") + self._ending for line in text]
        if behind:
            there = _blanks_after(self._new_lines, at)
            more = max(0, below - there) if at + there < len(self._new_lines) else 0
            lines = [self._ending] * above + lines + [self._ending] * more
        else:
            lines += [self._ending] * below
        self._found[statement.lineno, statement.col_offset, ""] = _Insertion(at, statement.lineno, tuple(lines))
        return True

    def _lowest(self, old: Sequence[ast.stmt], new: Sequence[ast.stmt], names: set[str]) -> int:
        """Return the line below which each of some names of a block is bound, what was put back included."""
        ends: dict[str, int] = {}
        for statement in new:
            for name in _bound(statement) & names:
                ends.setdefault(name, self._span(self._new_lines, statement)[1])
        back = (self._found.get((statement.lineno, statement.col_offset, "")) for statement in old if not _bound(statement).isdisjoint(names))
        return max((*ends.values(), *(one.at for one in back if one is not None)), default=0)

    def _import(self, statement: ast.Import | ast.ImportFrom, name: str) -> None:
        aliases = [alias for alias in statement.names if _name_of(statement, alias) == name]
        source = f"from {'.' * statement.level}{statement.module or ''} import " if isinstance(statement, ast.ImportFrom) else "import "
        text = source + ", ".join(alias.name + (f" as {alias.asname}" if alias.asname else "") for alias in aliases)
        imports, at = self._head()
        heads = imports or bool(self.new.body and _is_docstring(self.new.body[0]))
        lines = [text.encode() + self._ending]
        if not imports:
            lines = [self._ending] * bool(heads) + lines + [self._ending] * (at < len(self._new_lines) and not _blanks_after(self._new_lines, at))
        self._found[statement.lineno, statement.col_offset, name] = _Insertion(at, statement.lineno, tuple(lines))

    def _head(self) -> tuple[bool, int]:
        """Return whether the source begins with imports, and the line behind what it begins with: comments, a docstring, imports."""
        imports, at = False, _comments(self._new_lines)
        for statement in self.new.body:
            if not isinstance(statement, (*_IMPORTS, ast.If, ast.Try)) and not _is_docstring(statement):
                break
            if isinstance(statement, _IMPORTS) or _is_docstring(statement):
                imports, at = imports or isinstance(statement, _IMPORTS), statement.end_lineno or statement.lineno
        return imports, at

    def _place(self, old: Sequence[ast.stmt], new: Sequence[ast.stmt], index: int) -> tuple[int, bool]:
        """Return the line in front of which a statement belongs, and whether it follows a neighbour there, rather than come before one."""
        ends: dict[str, int] = {}
        starts: dict[str, int] = {}
        for statement in new:
            first, last = self._span(self._new_lines, statement)
            for name in _bound(statement):
                ends[name] = last
                starts.setdefault(name, first)
        for neighbour in reversed(old[:index]):
            if found := [ends[name] for name in _bound(neighbour) if name in ends]:
                # What stood below one import stands below all of them.
                return max(*found, self._head()[1] if isinstance(neighbour, _IMPORTS) else 0), True
        for neighbour in old[index + 1 :]:
            if found := [starts[name] for name in _bound(neighbour) if name in starts]:
                return min(found), False
        return (new[-1].end_lineno or len(self._new_lines) if new else len(self._new_lines)), True

    @staticmethod
    def _span(lines: Sequence[bytes], statement: ast.stmt) -> tuple[int, int]:
        """Return the lines of a statement, from 0 and without the last: its decorators and the comments just above it are its own."""
        decorators = statement.decorator_list if isinstance(statement, _DEFINITIONS) else []
        first = min(statement.lineno, *(node.lineno for node in decorators)) - 1 if decorators else statement.lineno - 1
        while isinstance(statement, _DEFINITIONS) and first and _is_comment(lines[first - 1], statement.col_offset):
            first -= 1
        return first, statement.end_lineno or statement.lineno

    def _same_encoding(self) -> bool:
        try:
            one, other = (tokenize.detect_encoding(io.BytesIO(source).readline)[0] for source in (self.before, self.after))
        except (SyntaxError, LookupError):
            return False
        return one == other

    def written(self) -> bytes:
        """Return the edited source."""
        lines = list(self._new_lines)
        if lines and not lines[-1].endswith((b"\n", b"\r")) and any(one.at == len(lines) for one in self._found.values()):
            lines[-1] += self._ending
        for one in sorted(self._found.values(), reverse=True):
            lines[one.at : one.at] = one.lines
        blanks = _blanks_after(lines, 0) if not self._new_lines or self._new_lines[0].strip() else 0
        return b"".join(lines[blanks:])


def _class(body: Sequence[ast.stmt], name: str) -> ast.ClassDef | None:
    return next((one for one in body if isinstance(one, ast.ClassDef) and one.name == name), None)


def _bound(statement: ast.stmt) -> frozenset[str]:
    """Return the names that a statement binds in its block, those of its branches too."""
    return frozenset(_names(statement))


def _names(statement: ast.AST) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from (_name_of(statement, alias) for alias in statement.names)
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), orelse=body):
            yield from (name for one in body for name in _names(one))  # the rest never runs
        case _:
            for field_name in ("body", "orelse", "finalbody", "handlers", "cases"):
                for one in getattr(statement, field_name, ()):
                    yield from _names(one)


def _looked_up(node: ast.AST, late: frozenset[tuple[type[ast.AST], str]]) -> Iterator[ast.Name]:
    """Yield the names that are looked up as a statement runs; `late` are the parts that run later, or never."""
    for part_name, part in ast.iter_fields(node):
        for one in (part if isinstance(part, list) else [part]) if (type(node), part_name) not in late else ():
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
                yield one
            elif isinstance(one, ast.AST):
                yield from _looked_up(one, late)


def _name_of(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    return alias.asname or (alias.name.partition(".")[0] if isinstance(statement, ast.Import) else alias.name)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)


def _is_alone(body: Sequence[ast.stmt], index: int) -> bool:
    """Tell whether a statement shares no line with its neighbours."""
    here = body[index]
    before, after = body[index - 1] if index else None, body[index + 1] if index + 1 < len(body) else None
    return (before is None or (before.end_lineno or 0) < here.lineno) and (after is None or after.lineno > (here.end_lineno or here.lineno))


def _is_comment(line: bytes, column: int) -> bool:
    return line[:column].isspace() == bool(column) and line[column : column + 1] == b"#"


def _comments(lines: Sequence[bytes]) -> int:
    """Return how many comments a source begins with: what has to stand first, and a licence."""
    return next((index for index, line in enumerate(lines) if not line.startswith(b"#")), len(lines))


def _blanks_before(lines: Sequence[bytes], index: int) -> int:
    return next((count for count, line in enumerate(reversed(lines[:index])) if line.strip()), 0)


def _blanks_after(lines: Sequence[bytes], index: int) -> int:
    return next((count for count, line in enumerate(lines[index:]) if line.strip()), len(lines) - index)
