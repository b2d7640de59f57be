"""Which `except` clause catches what, held against the exceptions of Python itself."""

from __future__ import annotations

import builtins

import pytest

from impact.execution.values import catches

RAISED = ("ModuleNotFoundError", "ImportError", "AttributeError", "NameError", "UnboundLocalError", "SyntaxError", "IndentationError", "TabError")
CLAUSES = (*RAISED, "Exception", "BaseException", "ValueError", "OSError", "SystemExit")


@pytest.mark.parametrize("kind", RAISED)
@pytest.mark.parametrize("clause", CLAUSES)
def test_clauses_catch_what_they_do_in_python(clause: str, kind: str) -> None:
    assert catches(clause, kind) is issubclass(getattr(builtins, kind), getattr(builtins, clause))


def test_an_exception_of_somebody_else_is_an_exception() -> None:
    assert catches("Exception", "DoesNotExist")
    assert catches("BaseException", "DoesNotExist")
    assert catches("DoesNotExist", "DoesNotExist")
    assert not catches("ImportError", "DoesNotExist")


def test_nothing_but_its_own_kind_catches_the_root() -> None:
    assert catches("BaseException", "BaseException")
    assert not catches("Exception", "BaseException")
