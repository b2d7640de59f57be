"""Small random projects that pass their tests, as hypothesis strategies.

A file is a list of items, each of which may bind one name: so a change takes one away, renames it or moves it without any parsing. What is
drawn refers only to what is there, so everything passes at base; what does not, by a quirk of Python, pytest says so and it does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from textwrap import indent

from hypothesis import strategies as st

Draw = st.DrawFn

# In the order in which they may import: each only what stands before it.
MODULES: Mapping[str, str] = {
    "acme.a": "acme/a.py",
    "acme.b": "acme/b.py",
    "acme.sub.c": "acme/sub/c.py",
    "acme.sub": "acme/sub/__init__.py",
    "acme": "acme/__init__.py",
}
HELPERS = "tests/helpers.py"
PLUGIN = "acme/plugin.py"
CONFTESTS = ("conftest.py", "tests/conftest.py", "tests/unit/conftest.py")
TESTS = ("tests/test_one.py", "tests/test_two.py", "tests/unit/test_three.py")
NAMES = ("f", "g", "K", "C", "v")
FIXTURES = ("one", "two")
PLUGGED = "plugged"
"""The fixture of the plugin that the outermost conftest.py asks for."""


@dataclass(frozen=True)
class Item:
    """Some lines of a file. `binds` is the name that they bind, if it is one that others may ask for."""

    text: str
    binds: str | None = None


@dataclass(frozen=True)
class File:
    """A file: its items in order, and what the names stand for that others may use."""

    items: tuple[Item, ...] = ()
    exports: Mapping[str, str] = field(default_factory=dict)
    """Name → kind: `function`, `class`, `value`, or the dotted name of a module."""

    @property
    def text(self) -> str:
        """The source."""
        return "".join(item.text + "\n" for item in self.items)


@dataclass(frozen=True)
class Project:
    """Files by path."""

    files: Mapping[str, File]
    packages: bool
    """Whether the tests are in packages."""

    def tree(self) -> dict[str, str]:
        """Return the sources, and what pytest needs beside them."""
        found = {"pytest.ini": "[pytest]\npythonpath = .\n", **{path: file.text for path, file in self.files.items()}}
        if self.packages:
            found |= {"tests/__init__.py": "", "tests/unit/__init__.py": ""}
        return found

    def with_file(self, path: str, file: File | None) -> Project:
        """Return the project with another file at a path, or none."""
        files = {name: one for name, one in self.files.items() if name != path}
        return replace(self, files=files if file is None else {**files, path: file})


@st.composite
def projects(draw: Draw) -> Project:
    """Draw a project: a package of five modules, helpers, two conftest.py, three test files."""
    exports: dict[str, Mapping[str, str]] = {}
    files: dict[str, File] = {}
    for module, path in MODULES.items():
        files[path] = _production(draw, module, exports)
        exports[module] = files[path].exports
    packages = draw(st.booleans())
    files[HELPERS] = _production(draw, "helpers", exports)
    exports["helpers"] = files[HELPERS].exports
    files[PLUGIN] = _plugin(draw, exports)
    files[CONFTESTS[0]] = File((Item('pytest_plugins = ["acme.plugin"]', "pytest_plugins"),))
    for path in CONFTESTS[1:]:
        files[path] = _conftest(draw, exports)
    for path in TESTS:
        fixtures = FIXTURES[: 2 if path.startswith("tests/unit") else 1]
        files[path] = _test(draw, exports, fixtures, _helpers(path, packages=packages))
    return Project(files, packages)


def _helpers(path: str, *, packages: bool) -> str | None:
    """Return how a test file names the helpers; where there are no packages, only those of its own directory are on the path."""
    if packages:
        return "tests.helpers"
    return "helpers" if path.count("/") == 1 else None


def _definition(draw: Draw, name: str) -> tuple[Item, str]:
    if name in ("f", "g"):
        parameters = draw(st.sampled_from(("", "x=1", "*, x=1", "*rest, **more")))
        return Item(f"def {name}({parameters}):\n    return 1\n", name), "function"
    if name == "C":
        return Item("class C:\n    attribute = 1\n\n    def method(self):\n        return 1\n", name), "class"
    return Item(f"{name} = {draw(st.sampled_from(('1', '{}', '[1]', 'object()')))}", name), "value"


def _production(draw: Draw, module: str, exports: Mapping[str, Mapping[str, str]]) -> File:
    items: list[Item] = []
    scope: dict[str, str] = {}
    for _ in range(draw(st.integers(0, 2)) if exports else 0):
        _import(draw, module, exports, items, scope, None)
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)):
        if name not in scope:
            item, scope[name] = _definition(draw, name)
            items.append(item)
    for number in range(draw(st.integers(0, 2))):
        use = _expression(draw, scope, exports)
        if use is None:
            continue
        shape = draw(st.sampled_from(("value", "default", "body", "base", "late import")))
        if shape == "value":
            items.append(Item(f"used_{number} = {use}", f"used_{number}"))
            scope[f"used_{number}"] = "value"
        elif shape == "default":
            items.append(Item(f"def call_{number}(x={use}):\n    return x\n", f"call_{number}"))
            scope[f"call_{number}"] = "function"
        elif shape == "late import" and (drawn := [one for one in exports if one != "helpers" and exports[one]]):
            source = draw(st.sampled_from(drawn))
            name = draw(st.sampled_from(sorted(exports[source])))
            items.append(Item(f"def late_{number}():\n    from {source} import {name} as it\n\n    return it\n", f"late_{number}"))
            scope[f"late_{number}"] = "function"
        elif shape == "base" and (classes := sorted(name for name, kind in scope.items() if kind == "class")):
            items.append(Item(f"class Heir{number}({draw(st.sampled_from(classes))}):\n    own = 1\n", f"Heir{number}"))
            scope[f"Heir{number}"] = "class"
        else:
            items.append(Item(f"def call_{number}():\n    return {use}\n", f"call_{number}"))
            scope[f"call_{number}"] = "function"
    if draw(st.integers(0, 4)) == 0:
        public = [name for name in scope if draw(st.booleans())]
        items.append(Item(f"__all__ = {public!r}"))
    return File(tuple(items), scope)


def _import(
    draw: Draw, module: str, exports: Mapping[str, Mapping[str, str]], items: list[Item], scope: dict[str, str], helpers: str | None, *, guards: bool = True
) -> None:
    """Add an import of something that is there."""
    source = draw(st.sampled_from(sorted(exports)))
    if source == "helpers" and helpers is None:
        return
    dotted = helpers if source == "helpers" and helpers is not None else source
    package, _, last = dotted.rpartition(".")
    names = sorted(exports[source])
    shape = draw(st.sampled_from(("import", "alias", "from", "from as", "star", "module", "relative")))
    text, bound, kind = f"import {dotted}", dotted.partition(".")[0], dotted.partition(".")[0]
    if shape == "alias":
        text, bound, kind = f"import {dotted} as mod_{last}", f"mod_{last}", source
    elif shape == "module" and package:
        text, bound, kind = f"from {package} import {last}", last, source
    elif shape == "star":
        items.append(Item(f"from {dotted} import *"))
        return  # which names it brings depends on `__all__`: nobody here asks for them
    elif shape in ("from", "from as", "relative") and names:
        name = draw(st.sampled_from(names))
        bound = f"my_{name}" if shape == "from as" else name
        where = dotted
        if shape == "relative" and module.startswith("acme") and source.startswith("acme."):
            where = f".{source.removeprefix('acme.')}" if module in ("acme", "acme.a", "acme.b") else f"..{source.removeprefix('acme.')}"
        text = f"from {where} import {name}" + (f" as {bound}" if bound != name else "")
        kind = exports[source][name]
    if bound in scope and scope[bound] != kind:
        return
    guard = draw(st.sampled_from((None, None, None, "try", "type checking"))) if guards else None
    if guard == "try":
        items.append(Item(f"try:\n    {text}\nexcept ImportError:\n    {bound} = None", bound))
    elif guard == "type checking":
        items.append(Item(f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {text}"))
        return
    else:
        items.append(Item(text, bound))
    if shape != "import" or "." not in dotted:
        scope[bound] = kind


def _expression(draw: Draw, scope: Mapping[str, str], exports: Mapping[str, Mapping[str, str]]) -> str | None:
    """Draw an expression that evaluates."""
    names = sorted(name for name in scope if not name.startswith("used_"))
    if not names:
        return None
    name = draw(st.sampled_from(names))
    kind = scope[name]
    if kind in exports:
        inner = _expression(draw, {one: of for one, of in exports[kind].items() if of not in exports}, exports)
        return f"{name}.{inner}" if inner is not None else name
    if kind == "class":
        return draw(st.sampled_from((name, f"{name}.attribute", f"{name}.method", f"{name}()", f"{name}().method()")))
    if kind == "function":
        return draw(st.sampled_from((name, f"{name}()")))
    return name


def _conftest(draw: Draw, exports: Mapping[str, Mapping[str, str]]) -> File:
    items = [Item("import pytest")]
    scope: dict[str, str] = {}
    _import(draw, "conftest", exports, items, scope, None)
    for name in FIXTURES:
        if name == "one" or draw(st.booleans()):
            use = _expression(draw, scope, exports) if draw(st.booleans()) else None
            items.append(Item(f"@pytest.fixture\ndef {name}():\n    return {use or 1}\n", name))
    if not any(item.binds == "two" for item in items):
        items.append(Item("@pytest.fixture\ndef two(one):\n    return one\n", "two"))
    return File(tuple(items))


def _plugin(draw: Draw, exports: Mapping[str, Mapping[str, str]]) -> File:
    items = [Item("import pytest")]
    scope: dict[str, str] = {}
    _import(draw, "plugin", exports, items, scope, None)
    use = _expression(draw, scope, exports) if draw(st.booleans()) else None
    items.append(Item(f"@pytest.fixture\ndef {PLUGGED}():\n    return {use or 1}\n", PLUGGED))
    return File(tuple(items))


def _test(draw: Draw, exports: Mapping[str, Mapping[str, str]], fixtures: tuple[str, ...], helpers: str | None) -> File:
    items = [Item("import importlib\nfrom unittest import mock\nimport pytest")]
    scope: dict[str, str] = {}
    for _ in range(draw(st.integers(1, 3))):
        _import(draw, "test", exports, items, scope, helpers)
    if draw(st.integers(0, 5)) == 0:
        items.append(Item(f"pytest.importorskip({draw(st.sampled_from(sorted(MODULES)))!r})"))
    for number in range(draw(st.integers(1, 3))):
        items.append(Item(_function(draw, number, exports, scope, fixtures)))
    return File(tuple(items))


def _function(draw: Draw, number: int, exports: Mapping[str, Mapping[str, str]], scope: dict[str, str], fixtures: tuple[str, ...]) -> str:
    """Draw a test function, on its own or in a class."""
    parameters, head, body = "", "", "pass"
    module = draw(st.sampled_from(sorted(MODULES)))
    names = sorted(exports[module])
    shape = draw(
        st.sampled_from(("use", "use", "patch", "decorated", "setattr", "import", "late", "fixture", "getattr", "raises", "parametrize", "skip", "usefixtures"))
    )
    use = _expression(draw, scope, exports) or "1"
    if shape == "use":
        body = use
    elif shape == "patch" and names:
        body = f'with mock.patch("{module}.{draw(st.sampled_from(names))}"):\n    pass'
    elif shape == "decorated" and names:
        head, parameters = f'@mock.patch("{module}.{draw(st.sampled_from(names))}", 1)\n', ""
    elif shape == "setattr" and names:
        name = draw(st.sampled_from(names))
        parameters, body = "monkeypatch", f'monkeypatch.setattr("{module}.{name}", 1)'
    elif shape == "import":
        body = f'importlib.import_module("{module}")'
    elif shape == "late" and names:
        body = f"from {module} import {draw(st.sampled_from(names))}"
    elif shape == "fixture":
        parameters, body = draw(st.sampled_from((*fixtures, PLUGGED))), use
    elif shape == "getattr" and names:
        body = f'import {module} as it\ngetattr(it, "{draw(st.sampled_from(names))}", None)'
    elif shape == "raises":
        body = f"with pytest.raises(ImportError):\n    import {module}.nothing"
    elif shape == "parametrize":
        head, parameters = f'@pytest.mark.parametrize("value", [{use}])\n', "value"
    elif shape == "skip":
        head, body = "@pytest.mark.skip\n", use
    elif shape == "usefixtures":
        head = f'@pytest.mark.usefixtures("{draw(st.sampled_from(fixtures))}")\n'
    in_class = draw(st.booleans())
    bases = sorted(name for name, kind in scope.items() if kind == "class")
    if bases and draw(st.integers(0, 3)) == 0:
        body = draw(st.sampled_from(("self.method()", "self.attribute", "type(self).method", "super().method()")))
        return f"class TestHeir{number}({draw(st.sampled_from(bases))}):\n    def test_{number}(self):\n        {body}\n"
    if bases and draw(st.integers(0, 3)) == 0:
        owner = draw(st.sampled_from(bases))
        body = draw(st.sampled_from((f"it = {owner}()\nit.method()", f"it = {owner}()\nit.attribute", f"it: {owner} = {owner}()\nassert it.method() == 1")))
        return f"def test_{number}():\n{indent(body, '    ')}\n"
    if in_class:
        given = ", ".join(filter(None, ("self", parameters)))
        return f"class TestClass{number}:\n" + indent(f"{head}def test_{number}({given}):\n{indent(body, '    ')}\n", "    ")
    return f"{head}def test_{number}({parameters}):\n{indent(body, '    ')}\n"
