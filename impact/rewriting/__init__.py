"""Sources with other names in them, everything else as it was: LibCST keeps the format, `remedies` says what to write.

`survey` looks at how the file uses what it imports, `strings` at the names in its strings, `imports` writes its import statements. Only here is
LibCST imported; it comes with the extra `fix`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from impact.moves.remedies import FileRemedies
from impact.rewriting.imports import Imports, Statements
from impact.rewriting.strings import find_texts
from impact.rewriting.survey import Survey

_BOM = b"\xef\xbb\xbf"
_GUARDS = re.compile(r"\b(?:ImportError|ModuleNotFoundError|AttributeError|Exception|BaseException)\b")


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
    survey = Survey(remedies, wrapper)
    wrapper.module.visit(survey)
    return mark + wrapper.module.visit(_Rewriter(remedies, survey, wrapper)).bytes


class _Rewriter(cst.CSTTransformer):
    """Writes what the survey and the remedies say."""

    def __init__(self, remedies: FileRemedies, survey: Survey, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self.remedies = remedies
        self._wrapper = wrapper
        self._expressions = survey.expressions
        self._texts = {**find_texts(wrapper.module, remedies), **survey.texts}
        self._imports = Imports(remedies, survey)
        self._members = {name for _, _, name in remedies.members}
        self._guards = 0
        self._depth = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._depth += 1

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        self._depth -= 1
        return updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        if original_node.attr.value in self._members:
            start = self._wrapper.resolve(PositionProvider)[original_node].start
            new = self.remedies.members.get((start.line, start.column, original_node.attr.value))
            if new is not None:
                return updated_node.with_changes(attr=updated_node.attr.with_changes(value=new))
        return self._expression(original_node, updated_node)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._expression(original_node, updated_node)

    def _expression(self, original: cst.Name | cst.Attribute, updated: cst.Name | cst.Attribute) -> cst.BaseExpression:
        new = self._expressions.get(original)
        return cst.parse_expression(new).with_changes(lpar=updated.lpar, rpar=updated.rpar) if new is not None else updated

    def leave_FormattedStringText(self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText) -> cst.FormattedStringText:
        new = self._texts.get(original_node)
        return updated_node.with_changes(value=new) if new is not None else updated_node

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        new = self._texts.get(original_node)
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

    def _statements(self, originals: Sequence[cst.BaseSmallStatement], updated: Sequence[cst.BaseSmallStatement]) -> Statements:
        body: Statements = []
        for original, statement in zip(originals, updated, strict=True):
            if not isinstance(statement, cst.Import | cst.ImportFrom):
                body.append(statement)
                continue
            new = self._imports.rewritten(statement, top=not self._depth)
            # Where each statement stands costs as much as all the rest: it is asked where there is a choice.
            guarded = self._guards and not (len(new) == 1 and new[0].deep_equals(statement))
            kept = guarded and self._wrapper.resolve(PositionProvider)[original].start.line not in self.remedies.lines
            body += [statement] if kept else new
        return body


def _is_guard(node: cst.Try) -> int:
    return int(any(handler.type is None or _GUARDS.search(cst.Module([]).code_for_node(handler.type)) for handler in node.handlers))


def _is_lenient(node: cst.With) -> int:
    return int(any("suppress" in (code := cst.Module([]).code_for_node(item.item)) or "raises" in code for item in node.items))


def _joined(body: Statements) -> Statements:
    """Return statements of one line, a semicolon between each two."""
    if len(body) < 2:
        return body
    between = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
    return [*(one if isinstance(one.semicolon, cst.Semicolon) else one.with_changes(semicolon=between) for one in body[:-1]), body[-1]]
