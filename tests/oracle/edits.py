"""What a change does to a project: one to three edits, as hypothesis strategies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from oracle.shapes import CONFTESTS, HELPERS, MODULES, PACKAGES, PLUGIN, TESTS, Draw, File, Item, Project

Edit = Callable[[Draw, Project], Project]

_SOURCES = (*MODULES.values(), HELPERS, PLUGIN)
_LEAVES = ("acme/a.py", "acme/b.py", "acme/sub/c.py")

# What a line becomes where a definition loses a part, or a call no longer fits.
_NARROWER = (
    ("    attribute = 1\n\n", ""),
    ("    def method(self):", "    def other(self):"),
    ("(x=1):", "(x):"),
    ("(x=1):", "(z=1):"),
    ("(*, x=1):", "(*, x):"),
    ("(x=1, **more):", "(**more):"),
    ("method(self):", "method(self, more):"),
    ("    RED = 1\n", ""),
    ("    BLUE = 2\n", "    GREEN = 2\n"),
    ("    x: int = 1\n", ""),
    ("    y: int = 2\n", "    z: int = 2\n"),
    ("@dataclass\n", ""),
    ("        deep = 1\n", "        other = 1\n"),
    ("    class Inner:\n        deep = 1\n\n", ""),
    ("    @property\n    def named(self):\n        return 1\n", ""),
    ("(self, x", "(self, more, x"),
    ("    @classmethod\n    def made(cls)", "    @classmethod\n    def make(cls)"),
    ("    def __init__(self, x):\n        self.x = x\n\n", ""),
    ("(function):", "():"),
    (">= (3, 8)", ">= (4, 0)"),
    ("< (3, 8)", "< (4, 0)"),
    ("_LAZY = {", "_LAZY = {}  # {"),
    ("function):\n    return function", "function):\n    return None"),
    ("class C:", "class C(Missing):"),
)
# What a test file becomes where pytest no longer collects all of it.
_UNCOLLECTED = (
    ("def test_0(", "def check_0("),
    ("class TestClass", "class ClassTest"),
    ("class TestClass0:\n", "class TestClass0:\n    def __init__(self):\n        pass\n\n"),
    ("@pytest.mark.slow\n", "@pytest.mark.unheard\n"),
)


@st.composite
def changed(draw: Draw, project: Project) -> Project:
    """Draw what becomes of a project."""
    for edit in draw(st.lists(st.sampled_from(_EDITS), min_size=1, max_size=3)):
        project = edit(draw, project)
    if "acme/__init__.py" not in project.files:
        # An installed distribution may bring the rest of a bare directory (PEP 420): a module of it that never was may be there for all we know.
        for path, file in project.files.items():
            project = _with_items(project, path, tuple(item for item in file.items if item != Item("import acme.never")))
    return project


def _pick(draw: Draw, project: Project, paths: Sequence[str]) -> str | None:
    there = [path for path in paths if path in project.files]
    return draw(st.sampled_from(there)) if there else None


def _item(draw: Draw, file: File) -> int | None:
    bound = [number for number, item in enumerate(file.items) if item.binds is not None]
    return draw(st.sampled_from(bound)) if bound else None


def _with_items(project: Project, path: str, items: tuple[Item, ...]) -> Project:
    return project.with_file(path, replace(project.files[path], items=items))


def _drawn_item(draw: Draw, project: Project, paths: Sequence[str]) -> tuple[str, int, tuple[Item, ...]] | None:
    """Draw an item that binds a name: its file, where it stands there, and all items of the file."""
    path = _pick(draw, project, paths)
    if path is None or (number := _item(draw, project.files[path])) is None:
        return None
    return path, number, project.files[path].items


def _rewritten(draw: Draw, project: Project, paths: Sequence[str], table: Sequence[tuple[str, str]]) -> Project:
    """Replace a text by another in one of the files that hold it."""
    path = _pick(draw, project, paths)
    held = [] if path is None else [pair for pair in table if any(pair[0] in item.text for item in project.files[path].items)]
    if path is None or not held:
        return project
    old, new = draw(st.sampled_from(held))
    return _with_items(project, path, tuple(replace(item, text=item.text.replace(old, new)) for item in project.files[path].items))


def _delete_module(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, _SOURCES)
    return project.with_file(path, None) if path is not None else project


def _rename_module(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, (*_LEAVES, HELPERS))
    return project.with_file(path.replace(".py", "_new.py"), project.files[path]).with_file(path, None) if path is not None else project


def _to_package(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, _LEAVES)
    return project.with_file(path.replace(".py", "/__init__.py"), project.files[path]).with_file(path, None) if path is not None else project


def _to_module(_draw: Draw, project: Project) -> Project:
    """Make the inner package a module."""
    init = project.files.get("acme/sub/__init__.py", File())
    return project.with_file("acme/sub/c.py", None).with_file("acme/sub/__init__.py", None).with_file("acme/sub.py", init)


def _delete_item(draw: Draw, project: Project) -> Project:
    drawn = _drawn_item(draw, project, (*_SOURCES, *CONFTESTS))
    if drawn is None:
        return project
    path, number, items = drawn
    return _with_items(project, path, items[:number] + items[number + 1 :])


def _delete_from_test(draw: Draw, project: Project) -> Project:
    """Take an import or a fixture away that the test file may use itself."""
    drawn = _drawn_item(draw, project, TESTS)
    if drawn is None:
        return project
    path, number, items = drawn
    return _with_items(project, path, items[:number] + items[number + 1 :])


def _rename_item(draw: Draw, project: Project) -> Project:
    drawn = _drawn_item(draw, project, (*_SOURCES, *CONFTESTS))
    if drawn is None:
        return project
    path, number, items = drawn
    old = items[number].binds
    assert old is not None
    for shape in (f"def {old}(", f"class {old}", f"{old} ="):
        if shape in items[number].text:
            alias = f"\n{old} = {old}_new" if draw(st.integers(0, 4)) == 0 else ""
            text = items[number].text.replace(shape, shape.replace(old, f"{old}_new"), 1) + alias
            return _with_items(project, path, (*items[:number], Item(text, old if alias else f"{old}_new"), *items[number + 1 :]))
    return project


def _move_item(draw: Draw, project: Project) -> Project:
    """Move a definition to another module; the old one may go on providing it."""
    drawn = _drawn_item(draw, project, ("acme/b.py", "acme/sub/c.py"))
    target = _pick(draw, project, ("acme/a.py",))
    if drawn is None or target is None:
        return project
    path, number, items = drawn
    moved = items[number]
    if not moved.text.startswith(("def f(", "def g(", "class C:", "K =", "v =", "T =", "import enum", "from dataclasses")):
        return project
    left = (Item(f"from acme.a import {moved.binds}", moved.binds),) if draw(st.booleans()) else ()
    project = _with_items(project, path, (*items[:number], *left, *items[number + 1 :]))
    return _with_items(project, target, (*project.files[target].items, moved))


def _move_down(draw: Draw, project: Project) -> Project:
    """Move an item to the end of its file."""
    drawn = _drawn_item(draw, project, (*_SOURCES, *CONFTESTS))
    if drawn is None:
        return project
    path, number, items = drawn
    return _with_items(project, path, (*items[:number], *items[number + 1 :], items[number]))


def _unbind(draw: Draw, project: Project) -> Project:
    """Delete a name at the end of its module."""
    drawn = _drawn_item(draw, project, tuple(MODULES.values()))
    if drawn is None:
        return project
    path, number, items = drawn
    return _with_items(project, path, (*items, Item(f"del {items[number].binds}")))


def _hide(draw: Draw, project: Project) -> Project:
    """Put an item where it does not run, or where it may fail without anybody seeing."""
    drawn = _drawn_item(draw, project, _SOURCES)
    if drawn is None:
        return project
    path, number, items = drawn
    item = items[number]
    head = draw(st.sampled_from(("if False:", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:", "if True:", "for _ in range(1):", "for _ in ():")))
    body = "\n".join(f"    {line}" if line else "" for line in item.text.splitlines())
    return _with_items(project, path, (*items[:number], replace(item, text=f"{head}\n{body}"), *items[number + 1 :]))


def _meet(draw: Draw, project: Project) -> Project:
    """Make a module import one that imports it, at its beginning or at its end."""
    path = _pick(draw, project, ("acme/a.py", "acme/b.py"))
    if path is None:
        return project
    later = draw(st.sampled_from(("acme.b", "acme.sub.c", "acme.sub")))
    names = sorted(project.files[MODULES[later]].exports) if MODULES[later] in project.files else []
    shapes = [f"import {later}", *(f"from {later} import {name} as met" for name in names[:2])]
    item = Item(draw(st.sampled_from(shapes)))
    items = project.files[path].items
    return _with_items(project, path, (item, *items) if draw(st.booleans()) else (*items, item))


def _narrow(draw: Draw, project: Project) -> Project:
    """Take a part of a definition away: a member, a default, a parameter."""
    return _rewritten(draw, project, _SOURCES, _NARROWER)


def _unlist(draw: Draw, project: Project) -> Project:
    """Take a name out of an `__all__`, or the whole of it away."""
    path = _pick(draw, project, _SOURCES)
    lists = [] if path is None else [number for number, item in enumerate(project.files[path].items) if item.text.startswith("__all__")]
    if path is None or not lists:
        return project
    items, number = project.files[path].items, draw(st.sampled_from(lists))
    kept = () if items[number].text.startswith("__all__ =") and len(lists) == 1 and draw(st.booleans()) else (Item("__all__ = []"),)
    return _with_items(project, path, (*items[:number], *kept, *items[number + 1 :]))


def _unparsable(draw: Draw, project: Project) -> Project:
    return _with_line(draw, project, ("def broken(:", "return", "x = = 1", "\tif True:\n    pass"))


def _raise(draw: Draw, project: Project) -> Project:
    """Make a file end early. Not by a skip: one that somebody writes is meant."""
    return _with_line(draw, project, ('raise RuntimeError("gone")', 'raise ImportError("gone")'))


def _with_line(draw: Draw, project: Project, texts: Sequence[str]) -> Project:
    """Put one of some texts somewhere into a file."""
    path = _pick(draw, project, (*_SOURCES, *CONFTESTS, *TESTS))
    if path is None:
        return project
    items = project.files[path].items
    where = draw(st.integers(0, len(items)))
    return _with_items(project, path, (*items[:where], Item(draw(st.sampled_from(texts))), *items[where:]))


def _born_broken(draw: Draw, project: Project) -> Project:
    """Write a reference to what never was."""
    path = _pick(draw, project, (*_SOURCES, *CONFTESTS, *TESTS))
    if path is None:
        return project
    text = draw(st.sampled_from(("import acme.never", "from acme import never", "from acme.a import never", "never_bound", "import acme\nacme.never")))
    items = project.files[path].items
    return _with_items(project, path, (*items, Item(text)))


def _rename_test(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, TESTS)
    return project.with_file(path.replace("test_", "check_"), project.files[path]).with_file(path, None) if path is not None else project


def _move_test(draw: Draw, project: Project) -> Project:
    """Move a test file to the other folder, or copy it there under the same name."""
    path = _pick(draw, project, TESTS)
    if path is None:
        return project
    target = path.replace("tests/unit/", "tests/") if "unit" in path else path.replace("tests/", "tests/unit/")
    moved = project.with_file(target, project.files[path])
    return moved if draw(st.booleans()) else moved.with_file(path, None)


def _uncollect(draw: Draw, project: Project) -> Project:
    """Rename tests, or do to a class what makes pytest pass it by."""
    return _rewritten(draw, project, TESTS, _UNCOLLECTED)


def _delete_conftest(draw: Draw, project: Project) -> Project:
    path = _pick(draw, project, CONFTESTS)
    return project.with_file(path, None) if path is not None else project


def _move_conftest(draw: Draw, project: Project) -> Project:
    """Move a conftest.py up or down, over the one that may be there."""
    path, target = draw(st.permutations(CONFTESTS))[:2]
    return project.with_file(target, project.files[path]).with_file(path, None) if path in project.files else project


def _move_fixture(draw: Draw, project: Project) -> Project:
    """Move a fixture from one conftest.py to another, or to a test file."""
    drawn = _drawn_item(draw, project, CONFTESTS[1:])
    target = _pick(draw, project, (*CONFTESTS, *TESTS))
    if drawn is None or target is None:
        return project
    path, number, items = drawn
    if path == target or not items[number].text.startswith("@pytest.fixture"):
        return project
    project = _with_items(project, path, items[:number] + items[number + 1 :])
    there = project.files[target].items
    return _with_items(project, target, (Item("import pytest"), items[number], *there))


def _swap_packages(draw: Draw, project: Project) -> Project:
    """Make packages of the folders of tests, or take that away: of both, or of one."""
    which = draw(st.sampled_from((PACKAGES, PACKAGES[:1], PACKAGES[1:])))
    for path in which:
        project = project.with_file(path, None if path in project.files else File())
    return project


def _swap_layout(draw: Draw, project: Project) -> Project:
    """Change the settings: the import mode, what is on the path, the markers; or move production code to `src/` and back."""
    layout = project.layout
    what = draw(st.sampled_from(("mode", "pythonpath", "src", "strict", "markers")))
    if what == "mode":
        layout = replace(layout, mode="importlib" if layout.mode == "prepend" else "prepend")
    elif what == "pythonpath":
        layout = replace(layout, pythonpath=draw(st.sampled_from(((), (".",), ("src",), ("tests",)))))
    elif what == "src":
        layout = replace(layout, src=not layout.src)
    elif what == "strict":
        layout = replace(layout, strict=not layout.strict)
    else:
        layout = replace(layout, markers=())
    return replace(project, layout=layout)


def _untouched(draw: Draw, project: Project) -> Project:
    """Write lines that change nothing."""
    path = _pick(draw, project, (*_SOURCES, *CONFTESTS, *TESTS))
    text = draw(
        st.sampled_from(
            (
                '"""A docstring that speaks of acme.b.f and K."""',
                "# from acme.never import f",
                "if False:\n    import acme.never",
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from acme.never import f",
                "def nobody_calls():\n    from acme.never import f\n\n    return f.never\n",
                "try:\n    import acme.never\nexcept ImportError:\n    pass",
                "import contextlib\nwith contextlib.suppress(ImportError):\n    from acme.a import never",
                'import acme\nif hasattr(acme, "never"):\n    acme.never\ngetattr(acme, "never", None)',
            )
        )
    )
    return _with_items(project, path, (Item(text), *project.files[path].items)) if path is not None else project


_EDITS: tuple[Edit, ...] = (
    _delete_module,
    _delete_module,
    _rename_module,
    _to_package,
    _to_module,
    _delete_item,
    _delete_item,
    _delete_item,
    _delete_from_test,
    _rename_item,
    _rename_item,
    _move_item,
    _move_down,
    _unbind,
    _hide,
    _meet,
    _narrow,
    _narrow,
    _narrow,
    _narrow,
    _unlist,
    _unparsable,
    _raise,
    _born_broken,
    _rename_test,
    _move_test,
    _uncollect,
    _delete_conftest,
    _move_conftest,
    _move_fixture,
    _swap_packages,
    _swap_layout,
    _untouched,
)
