"""What the imports of a file bind, how the file uses that, and what those uses become."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import libcst as cst
from libcst.metadata import ImportAssignment, MetadataWrapper, Scope, ScopeProvider

from impact.moves.remedies import FileRemedies
from impact.rewriting.spelling import absolute, code, parts_of, root_of

_WORD = re.compile(r"[^\W\d]\w*")
# Calls that look a name up in an object: the object first, the name second.
_LOOKUPS = frozenset({"object", "setattr", "delattr", "getattr", "spy"})


class Survey(cst.CSTVisitor):
    """One look at the whole file: what its imports bind, how it uses modules, and what that asks for besides.

    `expressions` holds the new text of dotted expressions, `texts` that of names in quotes, by node; `needed` the modules to import beside one that
    is imported, `dissolved` those imports of a gone module of which every use leads elsewhere.
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
        self._chains: list[tuple[cst.BaseExpression, tuple[str, ...], str]] = []
        self._lookups: list[tuple[cst.BaseExpression, cst.SimpleString]] = []
        self._inner: set[cst.CSTNode] = set()
        self._bound: set[str] = set()

    def visit_Import(self, node: cst.Import) -> bool:
        for alias in node.names:
            name = code(alias.name)
            if alias.asname is not None:
                self.locals[code(alias.asname.name)] = name
            else:
                self.locals.setdefault(name.partition(".")[0], name.partition(".")[0])
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        module = absolute(node, self.remedies)
        if module is not None and not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                self.locals[code(alias.asname.name if alias.asname is not None else alias.name)] = f"{module}.{code(alias.name)}"
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
        function = code(node.func) if isinstance(node.func, cst.Name | cst.Attribute) else ""
        if function.rpartition(".")[2] in _LOOKUPS and len(node.args) > 1 and isinstance(second := node.args[1].value, cst.SimpleString):
            self._lookups.append((node.args[0].value, second))

    def _chain(self, node: cst.Attribute) -> None:
        parts = parts_of(node)
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
            parts_or_none = (owner.value,) if isinstance(owner, cst.Name) else parts_of(owner)
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
        if (below := given - len(old.split("."))) > 0:
            # The local name stands for something in the module, which its import goes on to bind under that name.
            return ".".join((root, *names[below:])) if names[below:] != whole[given:] else None
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

    def _is_concerned(self, whole: tuple[str, ...]) -> bool:
        """Tell whether a dotted path names something that is gone, or is below it."""
        relocations, path = self.remedies.relocations, self.remedies.path
        return self.remedies.dotted(whole) is not None or any(relocations.gone(".".join(whole[:end]), path) for end in range(1, len(whole)))

    def _is_import(self, node: cst.CSTNode, root: str) -> bool:
        """Tell whether a name stands for an import where it is used, and for nothing else."""
        # Scopes cost more than all the rest, and few files need them.
        scope = self._wrapper.resolve(ScopeProvider).get(root_of(node))
        found = scope[root] if isinstance(scope, Scope) else ()
        return bool(found) and all(isinstance(one, ImportAssignment) for one in found)
