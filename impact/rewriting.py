"""Sources with other names in them, everything else as it was: LibCST keeps the format, `remedies` says what to write.

Only here is LibCST imported; it comes with the extra `fix`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import cast

import libcst as cst
from libcst.metadata import ImportAssignment, MetadataWrapper, PositionProvider, Scope, ScopeProvider

from impact.remedies import FileRemedies

_BOM = b"\xef\xbb\xbf"
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_WORD = re.compile(r"[^\W\d]\w*")
_GUARDS = re.compile(r"\b(?:ImportError|ModuleNotFoundError|AttributeError|Exception|BaseException)\b")
# Calls that look a name up in an object: the object first, the name second.
_LOOKUPS = frozenset({"object", "setattr", "delattr", "getattr", "spy"})
_Statements = list[cst.BaseSmallStatement]


def rewrite(source: bytes, remedies: FileRemedies) -> bytes:
    """Return a source with every reference rewritten that `remedies` has an answer for. Raises ValueError where its format would not survive."""
    mark = _BOM if source.startswith(_BOM) else b""
    body = source[len(mark) :]
    try:
        module = cst.parse_module(body)
    except (cst.ParserSyntaxError, SyntaxError, UnicodeError, RecursionError) as error:
        raise ValueError("it does not parse") from error
    if module.bytes != body:
        raise ValueError("its layout is of a kind that would not survive")
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    survey = _Survey(remedies, wrapper)
    wrapper.module.visit(survey)
    return mark + wrapper.module.visit(_Rewriter(remedies, survey, wrapper)).bytes


class _Survey(cst.CSTVisitor):
    """One look at the whole file: what its imports bind, how it uses modules, and what that asks for besides.

    `expressions` holds the new text of dotted expressions, `texts` that of strings, by node; `needed` the modules to import beside one that is
    imported, `dissolved` those imports of a gone module of which every use leads elsewhere.
    """

    def __init__(self, remedies: FileRemedies, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self.remedies = remedies
        self._wrapper = wrapper
        self.locals: dict[str, str] = {}
        self.expressions: dict[cst.CSTNode, str] = {}
        self.texts: dict[cst.CSTNode, str] = {}
        self.needed: defaultdict[str, set[str]] = defaultdict(set)
        self.dissolved: set[str] = set()
        self.loaded: Counter[str] = Counter()
        self._constants = dict(_constants(wrapper.module))
        self._tails: defaultdict[str, list[tuple[cst.CSTNode, str]]] = defaultdict(list)
        self._chains: list[tuple[cst.BaseExpression, tuple[str, ...], str]] = []
        self._lookups: list[tuple[cst.BaseExpression, cst.SimpleString]] = []
        self._inner: set[cst.CSTNode] = set()
        self._bound: set[str] = set()

    def visit_Import(self, node: cst.Import) -> bool:
        for alias in node.names:
            name = _code(alias.name)
            if alias.asname is not None:
                self.locals[_code(alias.asname.name)] = name
            else:
                self.locals.setdefault(name.partition(".")[0], name.partition(".")[0])
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        module = _absolute(node, self.remedies)
        if module is not None and not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                self.locals[_code(alias.asname.name if alias.asname is not None else alias.name)] = f"{module}.{_code(alias.name)}"
        return False

    def visit_Param(self, node: cst.Param) -> None:
        self._bound.add(node.name.value)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._bound.add(node.name.value)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._bound.add(node.name.value)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        if isinstance(node.target, cst.Name):
            self._bound.add(node.target.value)

    def visit_Name(self, node: cst.Name) -> None:
        self.loaded[node.value] += 1

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if node not in self._inner:
            self._chain(node)
        self._inner.add(node.value)

    def visit_Call(self, node: cst.Call) -> None:
        function = _code(node.func) if isinstance(node.func, cst.Name | cst.Attribute) else ""
        if function.rpartition(".")[2] in _LOOKUPS and len(node.args) > 1 and isinstance(second := node.args[1].value, cst.SimpleString):
            self._lookups.append((node.args[0].value, second))

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        match node.parts:
            case [cst.FormattedStringExpression(expression=cst.Name(value=name), conversion=None, format_spec=None), cst.FormattedStringText() as text]:
                self._tails[name].append((text, text.value))
            case _:
                pass

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:
        match node:
            case cst.BinaryOperation(left=cst.Name(value=name), operator=cst.Add(), right=cst.SimpleString() as text):
                self._tails[name].append((text, text.raw_value))
            case _:
                pass

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:
        """Take strings that stand side by side for one; what changes has to lie in one of them."""
        parts: list[cst.SimpleString] = []
        rest: cst.BaseExpression = node
        while isinstance(rest, cst.ConcatenatedString) and isinstance(rest.left, cst.SimpleString):
            parts.append(rest.left)
            rest = rest.right
        if not isinstance(rest, cst.SimpleString):
            return True
        parts.append(rest)
        old = "".join(part.raw_value for part in parts)
        new = self._renamed_string(old)
        if new is None or new == old:
            return False
        start = _common(old, new)
        end = len(old) - _common(old[start:][::-1], new[start:][::-1])
        place = 0
        for part in parts:
            text = part.raw_value
            if place <= start and end <= place + len(text):
                self.texts[part] = text[: start - place] + new[start : len(new) - (len(old) - end)] + text[end - place :]
                break
            place += len(text)
        return False

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        new = self._renamed_string(node.raw_value)
        if new is not None:
            self.texts[node] = new

    def _renamed_string(self, text: str) -> str | None:
        asked = self.remedies.strings
        if not _DOTTED.fullmatch(text) or not any(text == one or text.startswith(f"{one}.") or one.startswith(f"{text}.") for one in asked):
            return None
        answer = self.remedies.dotted(tuple(text.split(".")), in_string=True)
        return ".".join((answer[1], *answer[2])) if answer is not None else None

    def _chain(self, node: cst.Attribute) -> None:
        parts = _parts(node)
        if parts is not None:
            self._chains.append((node, parts, parts[0]))

    def leave_Module(self, original_node: cst.Module) -> None:
        """Decide on the uses, now that all imports are known."""
        uses: defaultdict[str, list[bool]] = defaultdict(list)
        for node, parts, root in self._chains:
            whole = (*self.locals[root].split("."), *parts[1:]) if root in self.locals else ()
            if whole and self._is_concerned(whole) and self._is_import(node, root):
                new = self._renamed(whole, len(self.locals[root].split(".")), root, uses)
                if new is not None:
                    self.expressions[node] = new
        for owner, text in self._lookups:
            parts_or_none = (owner.value,) if isinstance(owner, cst.Name) else _parts(owner)
            word = text.raw_value
            if parts_or_none is None or not _WORD.fullmatch(word) or parts_or_none[0] not in self.locals or not self._is_import(owner, parts_or_none[0]):
                continue
            root = parts_or_none[0]
            whole = (*self.locals[root].split("."), *parts_or_none[1:], word)
            new = self._renamed(whole, len(self.locals[root].split(".")), root, uses)
            if new is not None and new.rpartition(".")[2] != word:
                self.texts[text] = new.rpartition(".")[2]
            if new is not None and new.rpartition(".")[0] != ".".join(parts_or_none):
                self.expressions[owner] = new.rpartition(".")[0]
        for name, constant in self._constants.items():
            if name in self._tails and constant not in self.texts:
                self._prefix(constant, self._tails[name], alone=self.loaded[name] == len(self._tails[name]) + 1)
        for module, resolved in uses.items():
            if all(resolved) and self.remedies.module(module) is None and self.remedies.relocations.gone(module, self.remedies.path):
                self.dissolved.add(module)

    def _renamed(self, whole: tuple[str, ...], given: int, root: str, uses: dict[str, list[bool]]) -> str | None:
        """Return the text of a use of a module's attribute, None where it stays; `given` parts of `whole` are what the local name `root` stands for."""
        remedies = self.remedies
        answer = remedies.dotted(whole)
        gone = next((".".join(whole[:end]) for end in range(len(whole) - 1, 0, -1) if remedies.relocations.gone(".".join(whole[:end]), remedies.path)), None)
        if answer is None:
            if gone is not None:
                uses[gone].append(False)
            return None
        old, new, names = answer
        held = remedies.module(old) or old
        if new == held:
            # The local name goes on to stand for that module, or for what is written out in its place.
            prefix = (
                (root, *new.split(".")[given:])
                if old == held
                else (root,)
                if given == len(old.split(".")) and root != old.partition(".")[0]
                else tuple(new.split("."))
            )
            return ".".join((*prefix, *names)) if (*prefix, *names) != (root, *whole[given:]) else None
        top = new.partition(".")[0]
        if (self.locals.get(top, top) != top) or (top in self._bound):
            uses[old].append(False)
            return None
        uses[old].append(True)
        self.needed[old].add(new)
        return ".".join((new, *names))

    def _prefix(self, constant: cst.SimpleString, tails: Sequence[tuple[cst.CSTNode, str]], *, alone: bool) -> None:
        """Rewrite a constant that dotted names begin with, where it moves for all of them and is used for nothing else; or what follows it."""
        held = constant.raw_value
        moved = {tail: self._renamed_string(held + tail) or held + tail for _, tail in tails}
        prefixes = {new.removesuffix(tail) if new.endswith(tail) else held for tail, new in moved.items()}
        if alone and len(prefixes) == 1 and held not in prefixes:
            self.texts[constant] = prefixes.pop()
            return
        for node, tail in tails:
            if moved[tail] != held + tail and moved[tail].startswith(f"{held}."):
                self.texts[node] = moved[tail][len(held) :]

    def _is_concerned(self, whole: tuple[str, ...]) -> bool:
        """Tell whether a dotted path names something that is gone, or is below it."""
        relocations, path = self.remedies.relocations, self.remedies.path
        return self.remedies.dotted(whole) is not None or any(relocations.gone(".".join(whole[:end]), path) for end in range(1, len(whole)))

    def _is_import(self, node: cst.CSTNode, root: str) -> bool:
        """Tell whether a name stands for an import where it is used, and for nothing else."""
        # Scopes cost more than all the rest, and few files need them.
        scope = self._wrapper.resolve(ScopeProvider).get(_root_of(node))
        found = scope[root] if isinstance(scope, Scope) else ()
        return bool(found) and all(isinstance(one, ImportAssignment) for one in found)


class _Rewriter(cst.CSTTransformer):
    """Writes what the survey and the remedies say."""

    def __init__(self, remedies: FileRemedies, survey: _Survey, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self.remedies = remedies
        self._wrapper = wrapper
        self.survey = survey
        self._guards = 0
        self._depth = 0
        self._imported: set[str] = set()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._depth += 1

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        self._depth -= 1
        return updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        return self._expression(original_node, updated_node)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._expression(original_node, updated_node)

    def _expression(self, original: cst.Name | cst.Attribute, updated: cst.Name | cst.Attribute) -> cst.BaseExpression:
        new = self.survey.expressions.get(original)
        return cst.parse_expression(new).with_changes(lpar=updated.lpar, rpar=updated.rpar) if new is not None else updated

    def leave_FormattedStringText(self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText) -> cst.FormattedStringText:
        new = self.survey.texts.get(original_node)
        return updated_node.with_changes(value=new) if new is not None else updated_node

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        new = self.survey.texts.get(original_node)
        return updated_node.with_changes(value=f"{updated_node.prefix}{updated_node.quote}{new}{updated_node.quote}") if new is not None else updated_node

    # What stands under a guard may be gone on purpose: only what breaks there is rewritten.

    def visit_Try(self, node: cst.Try) -> None:
        self._guards += _is_guard(node)

    def leave_Try(self, original_node: cst.Try, updated_node: cst.Try) -> cst.Try:
        self._guards -= _is_guard(original_node)
        return updated_node

    def visit_With(self, node: cst.With) -> None:
        self._guards += _is_lenient(node)

    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> cst.With:
        self._guards -= _is_lenient(original_node)
        return updated_node

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        body = self._statements(original_node.body, updated_node.body)
        if len(body) == len(updated_node.body) or len(updated_node.body) > 1:
            return updated_node.with_changes(body=_joined(body))
        return cst.FlattenSentinel([updated_node.with_changes(body=body[:1]), *(cst.SimpleStatementLine(body=[one]) for one in body[1:])])

    def leave_SimpleStatementSuite(self, original_node: cst.SimpleStatementSuite, updated_node: cst.SimpleStatementSuite) -> cst.SimpleStatementSuite:
        return updated_node.with_changes(body=_joined(self._statements(original_node.body, updated_node.body)))

    def _statements(self, originals: Sequence[cst.BaseSmallStatement], updated: Sequence[cst.BaseSmallStatement]) -> _Statements:
        body: _Statements = []
        for original, statement in zip(originals, updated, strict=True):
            if not isinstance(statement, cst.Import | cst.ImportFrom):
                body.append(statement)
                continue
            if isinstance(statement, cst.Import):
                new = self._import(statement)
            else:
                new = self._star(statement) if isinstance(statement.names, cst.ImportStar) else self._from(statement)
            # Where each statement stands costs as much as all the rest: it is asked where there is a choice.
            guarded = self._guards and not (len(new) == 1 and new[0].deep_equals(statement))
            kept = guarded and self._wrapper.resolve(PositionProvider)[original].start.line not in self.remedies.lines
            body += [statement] if kept else new
        return body

    def _import(self, node: cst.Import) -> _Statements:
        kept: list[cst.ImportAlias] = []
        added: set[str] = set()
        for alias in node.names:
            name = _code(alias.name)
            new = self.remedies.module(name)
            added |= self.survey.needed.get(name, set())
            if new is not None:
                kept.append(alias.with_changes(name=_name(new)))
            elif name not in self.survey.dissolved:
                kept.append(alias)
        statements: _Statements = [node.with_changes(names=_ended(kept, node.names))] if kept else []
        return statements + self._imports(added)

    def _imports(self, modules: set[str]) -> _Statements:
        """Return imports of modules, at the top level each of them once."""
        fresh = sorted(modules - self._imported)
        if not self._depth:
            self._imported.update(fresh)
        return [cst.Import(names=[cst.ImportAlias(name=_name(one))]) for one in fresh]

    def _from(self, node: cst.ImportFrom) -> _Statements:
        module = _absolute(node, self.remedies)
        if module is None or isinstance(node.names, cst.ImportStar):
            return [node]
        kept: list[cst.ImportAlias] = []
        moved: defaultdict[str, list[cst.ImportAlias]] = defaultdict(list)
        plain: list[cst.ImportAlias] = []
        added: set[str] = set()
        for alias in node.names:
            name = _code(alias.name)
            whole = f"{module}.{name}"
            added |= self.survey.needed.get(whole, set())
            answer = self.remedies.symbol(module, name)
            if answer is None:
                if whole not in self.survey.dissolved:
                    kept.append(alias)
                continue
            new_module, new_name = answer
            if not new_name:
                new_module, _, new_name = new_module.rpartition(".")
            renamed = alias.with_changes(name=cst.Name(new_name)) if new_name != name else alias
            if new_name != name and alias.asname is None:
                renamed = renamed.with_changes(asname=_as(name))
            if new_module:
                moved[new_module].append(renamed)
            else:
                plain.append(renamed.with_changes(comma=cst.MaybeSentinel.DEFAULT))
        statements: _Statements = []
        if kept:
            statements.append(node.with_changes(names=_ended(kept, node.names)))
        for new_module, aliases in moved.items():
            path, dots = self._spelled(new_module, node)
            if not statements:
                spaced = node.whitespace_after_from if not node.whitespace_after_from.empty else cst.SimpleWhitespace(" ")
                before = node.whitespace_before_import if not node.whitespace_before_import.empty else cst.SimpleWhitespace(" ")
                changes = {"whitespace_after_from": spaced, "whitespace_before_import": before}
                statements.append(node.with_changes(module=path, relative=dots, names=_ended(aliases, node.names), **changes))
            else:
                statements.append(cst.ImportFrom(module=path, relative=dots, names=_ended([one.with_changes(comma=_NO_COMMA) for one in aliases], ())))
        statements += [cst.Import(names=[alias]) for alias in plain]
        return statements + self._imports(added)

    def _star(self, node: cst.ImportFrom) -> _Statements:
        module = _absolute(node, self.remedies)
        if module is None:
            return [node]
        new = self.remedies.module(module)
        if new is not None:
            path, dots = self._spelled(new, node)
            return [node.with_changes(module=path, relative=dots)]
        gone = self.remedies.relocations.gone(module, self.remedies.path)
        wanted = self.survey.loaded.keys() - self.survey.locals.keys() if gone else self.remedies.unbound
        moved: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(wanted & self.remedies.relocations.bound_at_base(module, self.remedies.path)):
            answer = self.remedies.symbol(module, name)
            if answer is not None and answer[1]:
                moved[answer[0]].append(name if answer[1] == name else f"{answer[1]} as {name}")
        added = [cast("cst.SimpleStatementLine", cst.parse_statement(f"from {one} import {', '.join(names)}")).body[0] for one, names in sorted(moved.items())]
        return [*([] if gone and added else [node]), *added]

    def _spelled(self, module: str, node: cst.ImportFrom) -> tuple[cst.Name | cst.Attribute | None, Sequence[cst.Dot]]:
        """Return how a from-import names a module: with dots where it did, as far as one package still holds both."""
        if node.relative:
            base, count = self.remedies.package, 1
            while base:
                if module == base or module.startswith(f"{base}."):
                    rest = module[len(base) + 1 :]
                    return (_name(rest) if rest else None), [cst.Dot()] * count
                base, count = base.rpartition(".")[0], count + 1
        return _name(module), ()


def _constants(module: cst.Module) -> Iterator[tuple[str, cst.SimpleString]]:
    """Yield the names that the top level of a file binds to a plain string."""
    for line in module.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            match statement:
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=cst.SimpleString() as text) if not text.prefix:
                    yield name, text
                case _:
                    pass


_NO_COMMA = cst.MaybeSentinel.DEFAULT


def _absolute(node: cst.ImportFrom, remedies: FileRemedies) -> str | None:
    return remedies.absolute(_code(node.module) if node.module is not None else "", len(node.relative))


def _is_guard(node: cst.Try) -> int:
    return int(any(handler.type is None or _GUARDS.search(cst.Module([]).code_for_node(handler.type)) for handler in node.handlers))


def _is_lenient(node: cst.With) -> int:
    return int(any("suppress" in (code := cst.Module([]).code_for_node(item.item)) or "raises" in code for item in node.items))


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _parts(node: cst.CSTNode) -> tuple[str, ...] | None:
    """Return the parts of a dotted expression that is written without a break, None for any other."""
    names: list[str] = []
    current = node
    while isinstance(current, cst.Attribute):
        names.append(current.attr.value)
        current = current.value
    if not isinstance(current, cst.Name) or current.lpar:
        return None
    whole = (current.value, *reversed(names))
    plain = node.with_changes(lpar=(), rpar=()) if isinstance(node, cst.Attribute) else node
    return whole if _code(plain) == ".".join(whole) else None


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))


def _root_of(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def _name(dotted: str) -> cst.Name | cst.Attribute:
    return cast("cst.Name | cst.Attribute", cst.parse_expression(dotted))


def _as(name: str) -> cst.AsName:
    return cst.AsName(name=cst.Name(name), whitespace_before_as=cst.SimpleWhitespace(" "), whitespace_after_as=cst.SimpleWhitespace(" "))


def _ended(aliases: Sequence[cst.ImportAlias], before: Sequence[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """Return aliases of which the last one ends as the last one did before, its own comment kept."""
    ending: cst.Comma | cst.MaybeSentinel = before[-1].comma if before else _NO_COMMA
    own = aliases[-1].comma
    if isinstance(ending, cst.Comma) and isinstance(own, cst.Comma):
        one, other = own.whitespace_after, ending.whitespace_after
        if isinstance(one, cst.ParenthesizedWhitespace) and isinstance(other, cst.ParenthesizedWhitespace):
            ending = ending.with_changes(whitespace_after=other.with_changes(first_line=one.first_line))
    return [*aliases[:-1], aliases[-1].with_changes(comma=ending)]


def _joined(body: _Statements) -> _Statements:
    """Return statements of one line, a semicolon between each two."""
    if len(body) < 2:
        return body
    between = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
    return [*(one if isinstance(one.semicolon, cst.Semicolon) else one.with_changes(semicolon=between) for one in body[:-1]), body[-1]]
