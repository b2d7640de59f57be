"""Members that a class loses whose bases, decorators or metaclass are from elsewhere: those of the standard library are known, others may bring anything."""

from __future__ import annotations

from break_model.rows import Fate, Row, acme, at_risk, runtime_error, unclear

X = "tests/test_x.py"
FETCH = "def fetch(self):\n        return 1"
NONE = "AttributeError: 'C' object has no attribute 'fetch'"
FAILS = (runtime_error(X, "test_a", exception=NONE),)
RISKS = (at_risk(X, "test_a", exception=NONE),)
USER = "from acme.a import C\ndef test_a():\n    C().fetch()\n"
MANAGER, MANAGED = "import pluggy", "(pluggy.PluginManager)"
OF_MANAGER = USER.replace("C()", "C('x')")
REGISTERS = "from acme.a import C\ndef test_a():\n    C('x').register(object())\n"


def row(
    name: str,
    bases: str,
    fates: tuple[Fate, ...] = (),
    *,
    before: str = "",
    lost: str = FETCH,
    test: str = USER,
    more: str = "",
    decorator: str = "",
    change: str | None = None,
) -> Row:
    """Return a row in which a class `C` loses a member, `lost`."""

    def source(body: str) -> str:
        return f"{before}\n{decorator}class C{bases}:\n    x = 1\n    {body}\n{more}"

    return Row(f"brought-{name}", acme(test, a=source(lost)), {"acme/a.py": change or source("pass")}, fates)


ROWS = (
    row("by-a-thread", "(threading.Thread)", FAILS, before="import threading"),
    row("by-an-encoder", "(json.JSONEncoder)", FAILS, before="import json"),
    row("by-a-handler", "(Handler)", FAILS, before="from logging import Handler"),
    row("by-a-handler-of-a-submodule", "(logging.handlers.BufferingHandler)", FAILS, before="import logging.handlers", test=USER.replace("C()", "C(1)")),
    row("by-an-exception", "(ValueError)", FAILS),
    row("by-text", "(str)", FAILS),
    row("by-a-dictionary-of-the-user", "(collections.UserDict)", FAILS, before="import collections"),
    row("by-a-path", "(pathlib.PurePosixPath)", FAILS, before="import pathlib"),
    row(
        "by-a-mapping-of-typing",
        "(Mapping[str, int])",
        FAILS,
        before="from typing import Mapping",
        more="    def __getitem__(self, key):\n        return 1\n    def __iter__(self):\n        return iter(())\n    def __len__(self):\n        return 0\n",
    ),
    row(
        "by-a-thread-and-asked-of-the-class",
        "(threading.Thread)",
        (runtime_error(X, "test_a"),),
        before="import threading",
        test=USER.replace("C().fetch()", "C.fetch"),
    ),
    row(
        "by-a-thread-and-asked-by-its-own",
        "(threading.Thread)",
        FAILS,
        before="import threading",
        more="    def go(self):\n        return self.fetch()\n",
        test=USER.replace("fetch", "go"),
    ),
    # What the base has as well, in its class or in its instances.
    row(
        "by-a-thread-and-there",
        "(threading.Thread)",
        before="import threading",
        lost="def is_alive(self):\n        return True",
        test=USER.replace("fetch", "is_alive"),
    ),
    row("by-a-handler-for-its-instances", "(logging.Handler)", before="import logging", lost="level = 3", test=USER.replace("fetch()", "level")),
    row("by-what-takes-any-name", "(argparse.Namespace)", (at_risk(X, "test_a", exception=NONE),), before="import argparse"),
    row(
        "by-a-namespace-that-is-filled",
        "(argparse.Namespace)",
        before="import argparse",
        lost="fetch = 1",
        test="from acme.a import C\ndef test_a():\n    it = C(other=1)\n    it.other\n",
    ),
    # What nobody can know: is it an override that went?
    row("by-a-class-from-elsewhere", MANAGED, RISKS, before=MANAGER, test=OF_MANAGER),
    row("by-a-class-that-is-computed", "(made())", RISKS, before="def made():\n    return object"),
    row("by-a-decorator-of-the-project", "", RISKS, before="def same(cls):\n    return cls", decorator="@same\n"),
    row("by-a-decorator-from-elsewhere", "", RISKS, before="import pluggy\nmark = pluggy.HookimplMarker('x')", decorator="@mark\n"),
    row("by-a-metaclass", "(metaclass=Meta)", RISKS, before="class Meta(type):\n    pass"),
    row("by-an-attribute", MANAGED, (at_risk(X, "test_a"),), before=MANAGER, lost="kind = 1", test="from acme.a import C\ndef test_a():\n    C.kind\n"),
    row(
        "by-what-its-constructor-set",
        MANAGED,
        (at_risk(X, "test_a"),),
        before=MANAGER,
        lost="def __init__(self, name):\n        self.kind = 1",
        test="from acme.a import C\ndef test_a():\n    C('x').kind\n",
        change="import pluggy\nclass C(pluggy.PluginManager):\n    def __init__(self, name):\n        pass\n",
    ),
    row(
        "and-asked-of-an-heir",
        MANAGED,
        (at_risk(X, "test_a"),),
        before=MANAGER,
        test="from acme.a import C\nclass D(C):\n    pass\ndef test_a():\n    D('x').fetch()\n",
    ),
    row(
        "and-an-heir-has-it",
        MANAGED,
        before=MANAGER,
        test="from acme.a import C\nclass D(C):\n    def fetch(self):\n        pass\ndef test_a():\n    D('x').fetch()\n",
    ),
    row(
        "and-asked-at-import",
        MANAGED,
        (at_risk(X, exception="AttributeError: type object 'C' has no attribute 'fetch'"),),
        before=MANAGER,
        test="from acme.a import C\nFETCH = C.fetch\ndef test_a():\n    pass\n",
    ),
    row(
        "and-patched",
        MANAGED,
        (at_risk(X, "test_a"),),
        before=MANAGER,
        test="from unittest import mock\nfrom acme.a import C\ndef test_a():\n    with mock.patch.object(C, 'fetch'):\n        pass\n",
    ),
    row(
        "and-patched-by-its-name",
        MANAGED,
        (at_risk(X, "test_a"),),
        before=MANAGER,
        test="from unittest import mock\ndef test_a():\n    with mock.patch('acme.a.C.fetch'):\n        pass\n",
    ),
    row(
        "and-set-by-monkeypatch",
        MANAGED,
        (at_risk(X, "test_a"),),
        before=MANAGER,
        test="from acme.a import C\ndef test_a(monkeypatch):\n    monkeypatch.setattr(C, 'fetch', 1)\n",
    ),
    # By the look of it, what went was an override, or is served or set.
    row(
        "and-it-called-the-base",
        MANAGED,
        before=MANAGER,
        lost="def register(self, plugin, name=None):\n        return super().register(plugin, name)",
        test=REGISTERS,
    ),
    row(
        "and-it-called-the-base-by-name",
        MANAGED,
        before=MANAGER,
        lost="def register(self, plugin, name=None):\n        return pluggy.PluginManager.register(self, plugin, name)",
        test=REGISTERS,
    ),
    row(
        "and-it-said-to-override",
        MANAGED,
        before="def override(method):\n    return method\nimport pluggy",
        lost="@override\n    def register(self, plugin, name=None):\n        return 'x'",
        test=REGISTERS,
    ),
    row(
        "and-it-overrode-without-a-word",
        MANAGED,
        (unclear(X),),
        before=MANAGER,
        lost="def register(self, plugin, name=None):\n        return 'x'",
        test=REGISTERS,
    ),
    row(
        "and-asked-whether-it-is-there",
        MANAGED,
        before=MANAGER,
        test="from acme.a import C\ndef test_a():\n    if hasattr(C, 'fetch'):\n        C('x').fetch()\n",
    ),
    row(
        "and-expected-to-be-gone",
        MANAGED,
        before=MANAGER,
        test="from acme.a import C\ndef test_a():\n    try:\n        C('x').fetch()\n    except AttributeError:\n        pass\n",
    ),
    row(
        "and-moved-to-another-base",
        MANAGED,
        before=MANAGER,
        test=OF_MANAGER,
        change="import pluggy\nclass Fetching:\n    def fetch(self):\n        pass\nclass C(Fetching, pluggy.PluginManager):\n    pass\n",
    ),
    row("and-given-by-the-decorator", "", before="def fill(cls):\n    cls.fetch = lambda self: 1\n    return cls", decorator="@fill\n"),
    row("and-served", "(threading.Thread)", before="import threading", more="    def __getattr__(self, name):\n        return lambda: 1\n"),
)
