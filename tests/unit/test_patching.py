"""Which calls patch by name, and what they look up."""

from __future__ import annotations

import pytest

from impact.execution.patching import find_patch
from impact.programs.paths import Path
from impact.programs.program import Call
from impact.programs.syntax import parse

Found = tuple[str | None, Path | None, tuple[str, ...]]
ALIASES = {"patch": "unittest.mock.patch"}

PATCHES: dict[str, Found | None] = {
    "patch('a.b.c')": ("a.b", None, ("c",)),
    "patch('a.b.c', 1)": ("a.b", None, ("c",)),
    "patch(target='a.b')": ("a", None, ("b",)),
    "patch('a')": None,
    "patch(a)": None,
    "patch('a.b', create=False)": ("a", None, ("b",)),
    "patch.object(a.b, 'c')": (None, ("a", "b"), ("c",)),
    "patch.object(a, attribute='c')": (None, ("a",), ("c",)),
    "patch.object(target=a, attribute='c')": (None, ("a",), ("c",)),
    "patch.object(a, c)": None,
    "patch.object(f(), 'c')": (None, ("f", "()"), ("c",)),
    "patch.multiple('a.b', c=1, d=2)": ("a.b", None, ("c", "d")),
    "patch.multiple(a, c=1)": (None, ("a",), ("c",)),
    "patch.multiple('a', spec=x, c=1)": ("a", None, ("c",)),
    "patch.dict('a.b', {})": ("a", None, ("b",)),
    "patch.dict('sys.modules', {})": None,
    "patch.dict(a.b, {})": None,
    "patch.stopall()": None,
    "mocker.patch('a.b')": ("a", None, ("b",)),
    "mocker.patch.object(a, 'b')": (None, ("a",), ("b",)),
    "mocker.spy(a, 'b')": (None, ("a",), ("b",)),
    "mocker.stub('a.b')": None,
    "monkeypatch.setattr('a.b', 1)": ("a", None, ("b",)),
    "monkeypatch.setattr('a.b', 'c')": ("a", None, ("b",)),
    "monkeypatch.setattr(a, 'b', 1)": (None, ("a",), ("b",)),
    "monkeypatch.setattr(a.b, 'c', 'd')": (None, ("a", "b"), ("c",)),
    "monkeypatch.setattr(a, 'b', 1, raising=True)": (None, ("a",), ("b",)),
    "monkeypatch.delattr('a.b')": ("a", None, ("b",)),
    "monkeypatch.delattr(a, 'b')": (None, ("a",), ("b",)),
    "monkeypatch.setenv('a.b', 'c')": None,
    "other.patch('a.b')": None,
    "monkeypatch.setattr(a, name='b', value=1)": (None, ("a",), ("b",)),
    "setattr(a, 'b', 1)": None,
}

# The call makes the name where it is absent: only its owner has to be there.
CREATING: dict[str, Found] = {
    "patch('a.b', create=True)": ("a", None, ("b",)),
    "patch.object(a, 'c', create=True)": (None, ("a",), ("c",)),
    "monkeypatch.setattr('a.b', 1, raising=False)": ("a", None, ("b",)),
    "monkeypatch.setattr(a, 'b', 1, False)": (None, ("a",), ("b",)),
    "monkeypatch.delattr(a, 'b', False)": (None, ("a",), ("b",)),
    "monkeypatch.delattr(a, 'b', raising=False)": (None, ("a",), ("b",)),
}


def _call(source: str) -> Call:
    return next(one for one in reversed(parse(source.encode())[0].body) if isinstance(one, Call))


def _name(call: Call) -> str:
    return ".".join((ALIASES.get(call.path[0], call.path[0]), *call.path[1:]))


@pytest.mark.parametrize(("source", "expected"), PATCHES.items())
def test_patches(source: str, expected: Found | None) -> None:
    call = _call(source)
    patch = find_patch(_name(call), call)
    assert (patch and (patch.target, patch.owner, patch.names)) == expected
    assert patch is None or not patch.creates


@pytest.mark.parametrize(("source", "expected"), CREATING.items())
def test_patches_that_create(source: str, expected: Found) -> None:
    call = _call(source)
    patch = find_patch(_name(call), call)
    assert patch is not None
    assert (patch.target, patch.owner, patch.names, patch.creates) == (*expected, True)


@pytest.mark.xfail(reason="a keyword is not looked at where monkeypatch takes its target")
@pytest.mark.parametrize(("source", "expected"), [("monkeypatch.setattr(target=a, name='b', value=1)", (None, ("a",), ("b",)))])
def test_patches_that_are_missed(source: str, expected: Found) -> None:
    test_patches(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    {
        "patch('a.b')": "<module 'a' from 'a.py'> does not have the attribute 'b'",
        "monkeypatch.setattr('a.b', 1)": "'module' object at a has no attribute 'b'",
        "monkeypatch.setattr(a, 'b', 1)": "<module 'a' from 'a.py'> has no attribute 'b'",
        "monkeypatch.delattr(a, 'b')": "b",
        "patch.dict('a.b', {})": "module 'a' has no attribute 'b'",
    }.items(),
)
def test_what_is_said_of_a_missing_name(source: str, expected: str) -> None:
    call = _call(source)
    patch = find_patch(_name(call), call)
    assert patch is not None
    assert patch.lacks.format(owner="<module 'a' from 'a.py'>", kind="module", where="a", name="b") == expected


@pytest.mark.parametrize(
    ("source", "is_module", "expected"),
    [
        ("patch('a.b.c')", True, ("AttributeError", "module 'a' has no attribute 'b'")),
        ("patch('a.b.c')", False, ("AttributeError", "type object 'a' has no attribute 'b'")),
        ("monkeypatch.setattr('a.b.c', 1)", True, ("ImportError", "import error in a.b: No module named 'a.b'; 'a' is not a package")),
    ],
)
def test_what_is_said_of_a_missing_owner(source: str, is_module: bool, expected: tuple[str, str]) -> None:
    call = _call(source)
    patch = find_patch(_name(call), call)
    assert patch is not None
    assert patch.missing("a", "b", is_module=is_module) == expected
