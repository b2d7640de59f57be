"""What the tests are made of, as hypothesis strategies: conftest.py files, a plugin, test functions and classes that pass."""

from __future__ import annotations

from textwrap import indent

from hypothesis import strategies as st

from oracle.shapes import MODULES, Draw, File, Item
from oracle.sources import CLASSES, There, add_import, expression

FIXTURES = ("one", "two")
PLUGGED = "plugged"
"""The fixture of the plugin that the outermost conftest.py asks for."""
_HEADER = Item("import importlib\nimport pkgutil\nimport unittest\nfrom unittest import mock\nfrom unittest import mock as m\nimport pytest")

_SHAPES = (
    *("use", "use", "patch", "decorated", "setattr", "import", "late", "fixture", "getattr", "raises", "parametrize", "skip", "usefixtures"),
    *("object", "table", "multiple", "delattr", "dunder", "resolve", "prefix", "aliased", "dynamic", "hasattr", "xfail", "marked", "caught", "annotated"),
    *("local heir", "relative", "importorskip", "helper", "raises attribute", "setitem", "loop", "lambda", "wrapped", "entered"),
)


def conftest(draw: Draw, there: There) -> File:
    """Draw a conftest.py with the two fixtures, perhaps one that everybody uses, perhaps a hook."""
    items = [Item("import pytest")]
    scope: dict[str, str] = {}
    add_import(draw, "conftest", there, items, scope, None)
    for name in FIXTURES:
        if name == "one" or draw(st.booleans()):
            use = expression(draw, scope, there) if draw(st.booleans()) else None
            items.append(Item(f"@pytest.fixture\ndef {name}():\n    return {use or 1}\n", name))
    if not any(item.binds == "two" for item in items):
        items.append(Item("@pytest.fixture\ndef two(one):\n    return one\n", "two"))
    extra = draw(st.sampled_from((None, None, None, "autouse", "hook")))
    use = expression(draw, scope, there) or "1"
    if extra == "autouse":
        items.append(Item(f"@pytest.fixture(autouse=True)\ndef always():\n    {use}\n", "always"))
    elif extra == "hook" and (late := _late_import(draw, there)):
        items.append(Item(f"def pytest_runtest_setup(item):\n    {late}\n"))
    return File(tuple(items))


def plugin(draw: Draw, there: There) -> File:
    """Draw a plugin with one fixture."""
    items = [Item("import pytest")]
    scope: dict[str, str] = {}
    add_import(draw, "plugin", there, items, scope, None)
    use = expression(draw, scope, there) if draw(st.booleans()) else None
    items.append(Item(f"@pytest.fixture\ndef {PLUGGED}():\n    return {use or 1}\n", PLUGGED))
    return File(tuple(items))


def suite(draw: Draw, there: There, fixtures: tuple[str, ...], helpers: str | None) -> File:
    """Draw a test file: imports, perhaps a skip or an overridden fixture, one to three tests."""
    items = [_HEADER]
    scope: dict[str, str] = {}
    for _ in range(draw(st.integers(1, 3))):
        add_import(draw, "test", there, items, scope, helpers)
    if draw(st.integers(0, 5)) == 0:
        items.append(Item(f"pytest.importorskip({draw(st.sampled_from(sorted(MODULES)))!r})"))
    if draw(st.integers(0, 5)) == 0:
        items.append(Item("@pytest.fixture\ndef one(one):\n    return one\n", "one"))
    for number in range(draw(st.integers(1, 3))):
        items.append(Item(_test(draw, number, there, scope, fixtures)))
    return File(tuple(items), {name: kind for name, kind in scope.items() if name not in there})


def _late_import(draw: Draw, there: There) -> str | None:
    module = draw(st.sampled_from(sorted(MODULES)))
    names = sorted(there[module].exports)
    return f"from {module} import {draw(st.sampled_from(names))} as it" if names else None


def _test(draw: Draw, number: int, there: There, scope: dict[str, str], fixtures: tuple[str, ...]) -> str:
    """Draw a test function, on its own or in a class."""
    bases = sorted(name for name, kind in scope.items() if kind in CLASSES)
    if bases and draw(st.integers(0, 4)) == 0:
        body = draw(st.sampled_from(("self.method()", "self.attribute", "type(self).method", "super().method()")))
        owner = draw(st.sampled_from(bases))
        step = "\n    def step(self):\n        return 1\n" if scope[owner] == "stepping" and draw(st.booleans()) else ""
        return f"class TestHeir{number}({owner}):\n    def test_{number}(self):\n        {body}\n{step}"
    cases = sorted(name for name, kind in scope.items() if kind == "case")
    if cases and draw(st.integers(0, 1)) == 0:
        return f"class TestCase{number}({draw(st.sampled_from(cases))}):\n    def test_{number}(self):\n        pass\n"
    if bases and draw(st.integers(0, 4)) == 0:
        owner = draw(st.sampled_from(bases))
        body = draw(st.sampled_from((f"it = {owner}()\nit.method()", f"it = {owner}()\nit.attribute", f"it: {owner} = {owner}()\nassert it.method() == 1")))
        return f"def test_{number}():\n{indent(body, '    ')}\n"
    parameters, head, body = _function(draw, there, scope, fixtures)
    place = draw(st.sampled_from(("module", "module", "class", "case", "own fixture")))
    if place == "module" or (place == "case" and (parameters or "parametrize" in head)):
        return f"{head}def test_{number}({parameters}):\n{indent(body, '    ')}\n"
    base = "(unittest.TestCase)" if place == "case" else ""
    setup = ""
    if place == "case" and draw(st.booleans()):
        setup = f"    def setUp(self):\n        {expression(draw, scope, there) or 1}\n\n"
    elif place == "own fixture":
        everybody = draw(st.sampled_from(("", "(autouse=True)")))
        setup = f"    @pytest.fixture{everybody}\n    def one(self):\n        return {expression(draw, scope, there) or 1}\n\n"
    given = ", ".join(filter(None, ("self", parameters)))
    return f"class TestClass{number}{base}:\n{setup}" + indent(f"{head}def test_{number}({given}):\n{indent(body, '    ')}\n", "    ")


def _function(draw: Draw, there: There, scope: dict[str, str], fixtures: tuple[str, ...]) -> tuple[str, str, str]:
    """Draw the parameters, the decorators and the body of a test."""
    parameters, head, body = "", "", "pass"
    module = draw(st.sampled_from(sorted(MODULES)))
    names = sorted(there[module].exports)
    name = draw(st.sampled_from(names)) if names else None
    shape = draw(st.sampled_from(_SHAPES))
    use = expression(draw, scope, there) or "1"
    held = sorted(bound for bound, kind in scope.items() if kind in there and there[kind].exports)
    if shape == "use":
        body = use
    elif shape == "patch" and name:
        body = f'with mock.patch("{module}.{name}"):\n    pass'
    elif shape == "aliased" and name:
        body = f'with m.patch("{module}.{name}", create={draw(st.booleans())}):\n    pass'
    elif shape == "prefix" and name:
        body = f'MODULE = "{module}"\nwith mock.patch(f"{{MODULE}}.{name}"):\n    pass'
    elif shape == "decorated" and name:
        head, parameters = f'@mock.patch("{module}.{name}", 1)\n', ""
    elif shape == "multiple" and name:
        body = f'with mock.patch.multiple("{module}", {name}=1):\n    pass'
    elif shape == "object" and held:
        owner = draw(st.sampled_from(held))
        body = f'with mock.patch.object({owner}, "{draw(st.sampled_from(sorted(there[scope[owner]].exports)))}"):\n    pass'
    elif shape in ("table", "setitem") and (tables := [one for one in names if there[module].exports[one] == "table"]):
        table = draw(st.sampled_from(tables))
        if shape == "table":
            body = f'with mock.patch.dict("{module}.{table}", k=2):\n    pass'
        else:
            parameters, body = "monkeypatch", f'from {module} import {table} as it\nmonkeypatch.setitem(it, "k", 2)'
    elif shape == "setattr" and name:
        parameters, body = "monkeypatch", f'monkeypatch.setattr("{module}.{name}", 1)'
    elif shape == "delattr" and name:
        parameters, body = "monkeypatch", f'monkeypatch.delattr("{module}.{name}"{draw(st.sampled_from(("", ", raising=False")))})'
        if there[module].exports[name] == "value" and name not in scope:
            body = f"from {module} import {name} as it"
    elif shape == "import":
        body = f'importlib.import_module("{module}")'
    elif shape == "relative" and module.startswith("acme."):
        body = f'importlib.import_module(".{module.removeprefix("acme.")}", package="acme")'
    elif shape == "dunder":
        body = f'__import__("{module}")'
    elif shape == "resolve" and name:
        body = f'pkgutil.resolve_name("{module}:{name}")'
    elif shape == "importorskip":
        body = f'pytest.importorskip("{module}")'
    elif shape == "late" and name:
        body = f"from {module} import {name}"
    elif shape == "caught" and name:
        body = f"try:\n    from {module} import {name} as it\nexcept ImportError:\n    it = None"
    elif shape == "fixture":
        parameters, body = draw(st.sampled_from((*fixtures, PLUGGED))), use
    elif shape == "dynamic":
        parameters, body = "request", f"request.getfixturevalue({draw(st.sampled_from((*fixtures, PLUGGED)))!r})"
    elif shape == "getattr" and name:
        body = f'import {module} as it\ngetattr(it, "{name}", None)'
    elif shape == "hasattr" and name:
        body = f'import {module} as it\nif hasattr(it, "{name}"):\n    it.{name}'
    elif shape == "raises":
        body = f"with pytest.raises(ImportError):\n    import {module}.nothing"
    elif shape == "raises attribute":
        body = f"import {module} as it\nwith pytest.raises(AttributeError):\n    it.nothing"
    elif shape == "parametrize":
        head, parameters = f'@pytest.mark.parametrize("value", [{use}])\n', "value"
    elif shape == "skip":
        head, body = "@pytest.mark.skip\n", use
    elif shape == "xfail":
        head, body = "@pytest.mark.xfail\n", use
    elif shape == "marked":
        head, body = "@pytest.mark.slow\n", use
    elif shape == "usefixtures":
        head = f'@pytest.mark.usefixtures("{draw(st.sampled_from(fixtures))}")\n'
    elif shape == "annotated" and (owners := sorted(bound for bound, kind in scope.items() if kind in CLASSES)):
        body = f"def inner(it: {draw(st.sampled_from(owners))}):\n    return it.method()\n\ninner({owners[0]}())" if len(owners) == 1 else use
    elif shape == "local heir" and (owners := sorted(bound for bound, kind in scope.items() if kind in CLASSES)):
        body = f"class Local({draw(st.sampled_from(owners))}):\n    pass\n\nLocal().method()"
    elif shape == "loop":
        body = f"for number in [1, 2]:\n    {use}"
    elif shape == "lambda":
        body = f"call = lambda: {use}\ncall()"
    elif shape == "wrapped" and (decorators := sorted(bound for bound, kind in scope.items() if kind == "decorator")):
        head = f"@{draw(st.sampled_from(decorators))}\n"
    elif shape == "entered" and (contexts := sorted(bound for bound, kind in scope.items() if kind == "context")):
        body = f"with {draw(st.sampled_from(contexts))}():\n    pass"
    elif shape == "helper":
        body = f"def inner():\n    return {use}\n\ninner()"
    return parameters, head, body
