"""What an import statement becomes: one or several, in the form that it had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

import libcst as cst

from impact.moves.remedies import FileRemedies
from impact.rewriting.spelling import absolute, code, dotted_name
from impact.rewriting.survey import Survey

Statements = list[cst.BaseSmallStatement]
_NO_COMMA = cst.MaybeSentinel.DEFAULT


class Imports:
    """The imports of one file, statement by statement, in order."""

    def __init__(self, remedies: FileRemedies, survey: Survey) -> None:
        self.remedies = remedies
        self.survey = survey
        self._imported: set[str] = set()

    def rewritten(self, statement: cst.Import | cst.ImportFrom, *, top: bool) -> Statements:
        """Return what stands in the place of a statement; `top`: what it binds is bound for the whole file."""
        if isinstance(statement, cst.Import):
            return self._import(statement, top=top)
        return self._star(statement) if isinstance(statement.names, cst.ImportStar) else self._from(statement, top=top)

    def _import(self, node: cst.Import, *, top: bool) -> Statements:
        kept: list[cst.ImportAlias] = []
        added: set[str] = set()
        for alias in node.names:
            name = code(alias.name)
            new = self.remedies.module(name)
            added |= self.survey.needed.get(name, set())
            if new is not None:
                kept.append(alias.with_changes(name=dotted_name(new)))
            elif name not in self.survey.dissolved:
                kept.append(alias)
        statements: Statements = [node.with_changes(names=_ended(kept, node.names))] if kept else []
        return statements + self._imports(added, top=top)

    def _imports(self, modules: set[str], *, top: bool) -> Statements:
        """Return imports of modules, at the top level each of them once."""
        fresh = sorted(modules - self._imported)
        if top:
            self._imported.update(fresh)
        return [cst.Import(names=[cst.ImportAlias(name=dotted_name(one))]) for one in fresh]

    def _from(self, node: cst.ImportFrom, *, top: bool) -> Statements:
        module = absolute(node, self.remedies)
        if module is None or isinstance(node.names, cst.ImportStar):
            return [node]
        kept: list[cst.ImportAlias] = []
        moved: defaultdict[str, list[cst.ImportAlias]] = defaultdict(list)
        plain: list[cst.ImportAlias] = []
        added: set[str] = set()
        for alias in node.names:
            name = code(alias.name)
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
        statements: Statements = []
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
        return statements + self._imports(added, top=top)

    def _star(self, node: cst.ImportFrom) -> Statements:
        module = absolute(node, self.remedies)
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
                    return (dotted_name(rest) if rest else None), [cst.Dot()] * count
                base, count = base.rpartition(".")[0], count + 1
        return dotted_name(module), ()


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
