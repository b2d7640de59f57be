"""What a change does to a project: one to three edits, as hypothesis strategies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from oracle.projects import CONFTESTS, HELPERS, MODULES, PLUGIN, TESTS, Draw, File, Item, Project

_SOURCES = (*MODULES.values(), HELPERS, PLUGIN)


@st.composite
def changed(draw: Draw, project: Project) -> Project:
    """Draw what becomes of a project."""
    for edit in draw(st.lists(st.sampled_from(_EDITS), min_size=1, max_size=3)):
        project = edit(draw, project)
    return project


def _pick(draw: Draw, project: Project, paths: tuple[str, ...]) -> str | None:
    there = [path for path in paths if path in project.files]
    return draw(st.sampled_from(there)) if there else None


def _item(draw: Draw, file: File) -> int | None:
    bound = [number for number, item in enumerate(file.items) if item.binds is not None]
    return draw(st.sampled_from(bound)) if bound else None


def _with_items(project: Project, path: str, items: tuple[Item, ...]) -> Project:
    return project.with_file(path, replace(project.files[path], items=items))


def _delete_module(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, _SOURCES)
    return project.with_file(path, None) if path is not None else project


def _rename_module(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, ("acme/a.py", "acme/b.py", "acme/sub/c.py", HELPERS))
    return project.with_file(path.replace(".py", "_new.py"), project.files[path]).with_file(path, None) if path is not None else project


def _to_package(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, ("acme/a.py", "acme/b.py", "acme/sub/c.py"))
    return project.with_file(path.replace(".py", "/__init__.py"), project.files[path]).with_file(path, None) if path is not None else project


def _delete_item(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, (*_SOURCES, *CONFTESTS))
    if path is None or (number := _item(draw, project.files[path])) is None:
        return project
    items = project.files[path].items
    return _with_items(project, path, items[:number] + items[number + 1 :])


def _rename_item(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, (*_SOURCES, *CONFTESTS))
    if path is None or (number := _item(draw, project.files[path])) is None:
        return project
    items = project.files[path].items
    old = items[number].binds
    assert old is not None
    for shape in (f"def {old}(", f"class {old}", f"{old} ="):
        if shape in items[number].text:
            renamed = Item(items[number].text.replace(shape, shape.replace(old, f"{old}_new"), 1), f"{old}_new")
            return _with_items(project, path, (*items[:number], renamed, *items[number + 1 :]))
    return project


def _move_item(draw: Draw, project: Project) -> Project:
    """Move a definition to another module; the old one may go on providing it."""
    path, target = _pick(draw, project, ("acme/b.py", "acme/sub/c.py")), _pick(draw, project, ("acme/a.py",))
    if path is None or target is None or (number := _item(draw, project.files[path])) is None:
        return project
    items = project.files[path].items
    moved = items[number]
    if not moved.text.startswith(("def f(", "def g(", "class C:", "K =", "v =")):
        return project
    left = (Item(f"from acme.a import {moved.binds}", moved.binds),) if draw(st.booleans()) else ()
    project = _with_items(project, path, (*items[:number], *left, *items[number + 1 :]))
    return _with_items(project, target, (*project.files[target].items, moved))


def _narrow(draw: Draw, project: Project) -> Project:
    """Take a method, an attribute or the default of a parameter away."""
    path = _pick(draw, project, _SOURCES)
    if path is None:
        return project
    old, new = draw(
        st.sampled_from(
            (
                ("    attribute = 1\n\n", ""),
                ("    def method(self):", "    def other(self):"),
                ("(x=1):", "(x):"),
                ("(*, x=1):", "(*, x):"),
                ("method(self):", "method(self, more):"),
            )
        )
    )
    return _with_items(project, path, tuple(replace(item, text=item.text.replace(old, new)) for item in project.files[path].items))


def _unparsable(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, (*_SOURCES, *CONFTESTS))
    if path is None:
        return project
    items = project.files[path].items
    where = draw(st.integers(0, len(items)))
    return _with_items(project, path, (*items[:where], Item("def broken(:"), *items[where:]))


def _rename_test(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, TESTS)
    return project.with_file(path.replace("test_", "check_"), project.files[path]).with_file(path, None) if path is not None else project


def _move_conftest(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, CONFTESTS)
    return project.with_file(path, None) if path is not None else project


def _swap_packages(_draw: Draw, project: Project) -> Project:
    return replace(project, packages=not project.packages)


def _untouched(_draw: Draw, project: Project) -> Project:
    """Write lines that change nothing."""
    path = "acme/a.py"
    return (
        _with_items(project, path, (Item('"""A docstring that speaks of acme.b.f and K."""'), *project.files[path].items)) if path in project.files else project
    )


_EDITS: tuple[Callable[[Draw, Project], Project], ...] = (
    _delete_module,
    _rename_module,
    _to_package,
    _delete_item,
    _delete_item,
    _rename_item,
    _move_item,
    _narrow,
    _narrow,
    _unparsable,
    _rename_test,
    _move_conftest,
    _swap_packages,
    _untouched,
)
