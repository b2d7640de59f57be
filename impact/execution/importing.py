"""Import statements, as Python's import system has them (reference: "The import system"; PEP 328, 420, 562)."""

from __future__ import annotations

import sys
from dataclasses import replace

from impact.execution.lookup import Lookup
from impact.execution.values import Data, External, Instance, Lazy, ModuleValue, Raised, Skip, Status, Value
from impact.execution.world import Frame, World
from impact.modules import Compiled, File, Location, Portions
from impact.names import RepoPath, parent_of
from impact.programs.blocks import statements_of
from impact.programs.program import (
    Call,
    FromImport,
    Import,
    Load,
)
from impact.report import ReferenceKind

# Imported by any pytest before it comes to a test: a file of that name in the project is never found (`sys.modules` is asked first).
_PRELOADED = frozenset(
    (
        *("abc", "argparse", "ast", "collections", "contextlib", "copy", "dataclasses", "datetime", "enum", "fnmatch", "functools", "importlib"),
        *("inspect", "io", "itertools", "json", "logging", "os", "pathlib", "platform", "re", "shlex", "shutil", "signal", "stat", "string"),
        *("struct", "subprocess", "sys", "tempfile", "textwrap", "threading", "time", "tokenize", "traceback", "types", "typing", "unittest"),
        *("uuid", "warnings", "weakref"),
    )
)
CIRCULAR = " (most likely due to a circular import)"
"""What Python adds where a module is asked half-way through its import for what it has not bound yet."""
_PARTIAL = f"cannot import name {{name!r}} from partially initialized module {{module!r}}{CIRCULAR}"


class Importing(Lookup):
    """Imports modules and the names in them. `injected` are the modules that the code put into `sys.modules` itself, `left` those that packages which
    fail left there before any test runs (see `impact.verdicts.sessions`). `catching` counts the blocks around a statement that catch warnings.
    """

    def __init__(self, world: World, suspects: set[RepoPath], *, strict: bool = False) -> None:
        super().__init__(world, suspects, strict=strict)
        self.injected: set[str] = set()
        self.left: frozenset[str] = frozenset()
        self.shortened = False
        """Whether a star import met a module half-way, and did not get all that this binds in the end."""
        self.catching = 0

    def import_file(self, path: RepoPath, name: str) -> ModuleValue:
        """Import a file under a name that is known to be its own, packages above it first. Never raises: see the module's `failure`."""
        package = path.endswith("/__init__.py")
        value = self.provide(File(path, RepoPath(path[: -len("/__init__.py")]) if package else None), name)
        if value.status is Status.STABLE:
            self.run_module(value)
        return value

    def rerun(self, path: RepoPath) -> None:
        """Forget a file, so that it is run afresh when it is asked for again, and what was only looked into and failed through it."""
        value = self.loaded.pop(path, None)
        parent, child = self.attached.pop(path, (None, ""))
        if parent is not None and value is not None and parent.names.get(child) is value:
            del parent.names[child]
        for led in self.led.pop(path, ()):
            if (value := self.loaded.get(led)) is not None and value.looked_into:
                del self.loaded[led]

    def import_name(self, name: str, frame: Frame, statement: Import | FromImport | Call, kind: ReferenceKind) -> Value:
        """Import a dotted name as the import statement does, one part after the other; return the last module.

        Raises Raised when a part is not found or fails.
        """
        if name in self.injected:
            return External(name)
        if frame.function and name in self.left and (is_looked_up(statement) or (is_bound_by_top(statement) and not self._fails_at_once(name, frame))):
            there = self.world.modules.find(name, frame.module.path)
            if there is not None:
                return self._left_behind(there, name, frame, statement, kind)
        location: Location | None = None
        value: Value | None = None
        done = ""
        for part in name.split("."):
            whole = f"{done}.{part}" if done else part
            if whole in self.injected:
                return External(name)
            parent = value if isinstance(value, ModuleValue) else None
            location = self.world.modules.top(part, frame.module.path) if not done else self.world.modules.child(location, part) if location else None
            if not done and part in sys.stdlib_module_names and self._is_standard(part, location, frame):
                return External(name)
            if location is None:
                # A top-level name that neither end provides is an installed distribution; below a bare directory, so may be the rest.
                expected = self.expected(name, frame)
                elsewhere = not done or (parent is not None and isinstance(parent.location, Portions) and not self.is_closed(name, frame))
                if elsewhere and not expected:
                    return External(name)
                if parent is not None and self._brings(parent, whole, expected=expected):
                    return External(name)
                if self.world.generated(part, expected) or (self.world.modules.is_weak(name, frame.module.path) and not expected):
                    return External(name)
                raise self._not_found(whole, parent, frame, statement, kind)
            value = self.load(location, whole, parent, frame, statement)
            done = whole
        assert value is not None  # a name has at least one part
        return value

    def _left_behind(self, location: Location, name: str, frame: Frame, statement: Import | FromImport | Call, kind: ReferenceKind) -> ModuleValue:
        """Return a module whose package fails. Whether it is in `sys.modules` when a function asks for it hangs on the tests that went before."""
        above = (self.world.modules.find(name[:end], frame.module.path) for end, letter in enumerate(name) if letter == ".")
        packages = (self.loaded.get(one.path) for one in above if isinstance(one, File))
        text = next((one.failure.text for one in packages if one is not None and one.failure is not None), None)
        if text is not None:
            self.fail(replace(frame, certain=False), statement.line, statement.column, kind, name, text.partition(":")[0], text)
        return self.provide(location, name)

    def _fails_at_once(self, name: str, frame: Frame) -> bool:
        """Tell whether the first package on the way to a module fails."""
        top = self.world.modules.top(name.partition(".")[0], frame.module.path)
        value = self.loaded.get(top.path) if isinstance(top, File) else None
        return value is not None and value.failure is not None

    def _is_standard(self, name: str, location: Location | None, frame: Frame) -> bool:
        """Tell whether a name of the standard library is that: what pytest has long imported, or what only a guess would find elsewhere."""
        return name in _PRELOADED or not isinstance(location, File) or self.world.modules.is_weak(name, frame.module.path)

    def _brings(self, parent: ModuleValue, name: str, *, expected: bool) -> bool:
        """Tell whether a module provides submodules that no file holds: it sets its own `__path__`, or fills `sys.modules`.

        A namespace that is filled in ways that cannot be followed may do so, unless a file held the submodule at the other end.
        """
        return "__path__" in self.names(parent) or name in self.injected or (parent.open and not expected)

    def is_closed(self, name: str, frame: Frame) -> bool:
        """Tell whether a bare directory lies below a regular package, or was one at the other end, so that no distribution adds to it (PEP 420)."""
        top = name.partition(".")[0]
        return isinstance(self.world.modules.top(top, frame.module.path), File) or self.expected(f"{top}.__init__", frame)

    def expected(self, name: str, frame: Frame) -> bool:
        """Tell whether the other end provides a dotted name to this importer."""
        return self.world.expects(name, frame.module.path)

    def _not_found(self, missing: str, parent: ModuleValue | None, frame: Frame, statement: Import | FromImport | Call, kind: ReferenceKind) -> Raised:
        text = f"ModuleNotFoundError: No module named {missing!r}"
        if parent is not None and isinstance(parent.location, File) and parent.location.package is None:
            text += f"; {parent.name!r} is not a package"
        return self.fail(frame, statement.line, statement.column, kind, missing, "ModuleNotFoundError", text)

    def load(self, location: Location, name: str, parent: ModuleValue | None, frame: Frame, statement: Import | FromImport | Call) -> ModuleValue:
        """Return the module at a location, run if it is a suspect that was not run yet. Raises its failure, or its skip."""
        value = self.provide(location, name)
        if not frame.function:
            frame.module.edges.setdefault(value.path, statement.line)
        if value.status is Status.STABLE and isinstance(location, File) and location.path in self.suspects:
            self.run_module(value)
        self.injected |= value.injects
        if value.failure is not None and not (self.catching and value.failure.event.warns):
            raised = value.failure.through(self.link(frame, statement.line))
            raised.certain = raised.certain and frame.certain
            raise raised
        if value.skip is not None:
            raise Skip(value.skip.reason, value.skip.cause)
        if parent is not None and value.status is not Status.RUNNING:  # it becomes an attribute when its import is done
            child = name.rpartition(".")[2]
            if parent.names.setdefault(child, value) is value:
                self.attached[value.path] = parent, child
        return value

    def import_statement(self, statement: Import, frame: Frame) -> None:
        """Run `import a.b` or `import a.b as c`. Raises Raised and Skip."""
        value = self.import_name(statement.module, frame, statement, ReferenceKind.IMPORT)
        frame.external = frame.external or _may_be_absent(value)
        if statement.alias:
            self.put(statement.alias, value, frame)
            return
        top = statement.module.partition(".")[0]
        if isinstance(value, External):
            self.bindings(frame).setdefault(top, External(top))
            return
        location = self.world.modules.top(top, frame.module.path)
        if location is not None:
            self.put(top, self.provide(location, top), frame)

    def origin(self, statement: FromImport, frame: Frame) -> str | None:
        """Return the absolute name of the module that a from-import reads; None where the dots lead out of the top package, or there is none."""
        if not statement.level:
            return statement.module
        package = frame.module.name if isinstance(frame.module.location, File) and frame.module.location.package else parent_of(frame.module.name)
        if not package:
            return None
        for _ in range(statement.level - 1):
            package = parent_of(package)
            if not package:
                return None
        return ".".join(part for part in (package, statement.module) if part) or None

    def from_import(self, statement: FromImport, frame: Frame) -> None:
        """Run one name of `from a import b`. Raises Raised and Skip."""
        name = self.origin(statement, frame)
        if name is None:
            if not self.tolerate(frame, f"relative:{statement.level}"):
                how = "with no known parent package" if "." not in frame.module.name else "beyond top-level package"
                text = f"ImportError: attempted relative import {how}"
                raise self.fail(frame, statement.line, statement.column, ReferenceKind.FROM_IMPORT, statement.module or ".", "ImportError", text)
            self.put(statement.alias or statement.name, Data(frame.module.path, statement.name), frame)
            return
        kind = ReferenceKind.STAR if statement.name == "*" else ReferenceKind.FROM_IMPORT
        module = self.relative(name, frame, statement, kind) if statement.level else self.import_name(name, frame, statement, kind)
        if statement.name == "*":
            self.star(module, statement, frame)
            return
        is_either = isinstance(module, ModuleValue) and statement.name in module.either
        self.put(statement.alias or statement.name, self._imported(module, name, statement, frame), frame, either=is_either)
        frame.external = frame.external or _may_be_absent(module)

    def relative(self, name: str, frame: Frame, statement: FromImport, kind: ReferenceKind) -> Value:
        """Import the module that a from-import with dots reads. Raises Raised."""
        # A relative import is resolved in the very package that holds the importer, wherever that was found.
        here = frame.module.location
        if not isinstance(here, File):
            return self.import_name(name, frame, statement, kind)
        value: ModuleValue | None = None
        base = name.removesuffix(statement.module).rstrip(".") if statement.module else name
        directory = here.path.rpartition("/")[0]
        for _ in range(statement.level - 1):
            directory = directory.rpartition("/")[0]
        init = RepoPath(f"{directory}/__init__.py")
        package: Location = File(init, RepoPath(directory)) if init in self.world.modules else Portions((RepoPath(directory),))
        value = self.load(package, base, None, frame, statement) if base else None
        location: Location | None = package
        done = base
        for part in statement.module.split(".") if statement.module else ():
            done = f"{done}.{part}" if done else part
            if done in self.injected:
                return External(done)
            location = self.world.modules.child(location, part) if location else None
            if location is None:
                if self.world.generated(part, self.expected(name, frame)):
                    return External(name)
                raise self._not_found(done, value, frame, statement, kind)
            value = self.load(location, done, value, frame, statement)
        return value if value is not None else External(name)

    def _imported(self, module: Value, asked: str, statement: FromImport, frame: Frame) -> Value:
        name = statement.name
        if not isinstance(module, ModuleValue):
            return External(f"{module.name}.{name}") if isinstance(module, External) else Data(frame.module.path, name)
        full = f"{asked}.{name}"
        if full in self.injected:
            return External(full)
        trusted = module.is_stable and name not in self.world.words and not self.world.anew(frame.module.path, statement, frame.function)
        found = None if trusted or isinstance(module.location, Compiled) else self.names(module).get(name)
        if found is not None:
            if (module.path, name) in self.world.perhaps and frame.module is not module:
                text = f"ImportError: cannot import name {name!r} from {asked!r}"
                self.fail(replace(frame, certain=False), statement.line, statement.column, ReferenceKind.FROM_IMPORT, f"{asked}:{name}", "ImportError", text)
            return found
        if module.instead is not None and name in self.world.words and isinstance(made := self.stands_for(module), Instance):
            return self._imported_from_instance(made, asked, statement, frame)
        child = self.world.modules.child(module.location, name)
        if child is not None:
            return self.load(child, full, module, frame, statement)
        if trusted:
            return Lazy(module, name)
        # What a package binds further down does not help itself: only another module may ask for it later.
        if (value := module.names.get(name) if module is frame.module else self.attribute(module, name)) is not None:
            if name in module.announced and module is not frame.module:
                self.announce(module, name, statement, frame)
            return value
        if isinstance(module.location, File) and module.location.package and self.world.generated(name, self.expected(full, frame)):
            return External(full)
        target = f"{asked}:{name}"
        if not statement.level and self.world.modules.is_weak(asked, frame.module.path) and (name not in self.world.words or self.tolerate(frame, target)):
            return External(full)
        certain = frame.certain
        if self.is_uncertain(module, name) or (self.is_busy(module) and name not in self.world.words):
            frame = replace(frame, certain=False)
        where = " (unknown location)" if isinstance(module.location, Portions) else ""
        text = f"ImportError: cannot import name {name!r} from {asked!r}{where}"
        if module.status is Status.RUNNING:
            text = "ImportError: " + _PARTIAL.format(name=name, module=asked)
        known = name in self.world.words or self.is_closed(asked, frame) or self.expected(full, frame)
        if isinstance(module.location, Portions) and not known:
            return External(full)
        served = self.failing_service(module, name)
        if served is not None and not served.startswith("AttributeError"):
            text = served  # the import system makes an ImportError of an AttributeError alone
        raised = self.fail(frame, statement.line, statement.column, ReferenceKind.FROM_IMPORT, target, text.partition(":")[0], text)
        if certain and not raised.certain:
            # Possible, not certain: the event is noted, and the import is taken to work.
            return Data(module.path, name)
        raise raised

    def _imported_from_instance(self, made: Instance, asked: str, statement: FromImport, frame: Frame) -> Value:
        """Import a name from an instance that a module has put in its own place. Raises Raised."""
        name = statement.name
        found = self.member(made.of, name)
        doubtful = self.doubts(made, name, frame)
        if (found is not None or self.may_have(made, name, frame)) and not doubtful:
            return found or Data(made.of.path, f"{made.of.name}.{name}")
        target = f"{self.module_name(made.of.path)}:{made.of.name}.{name}"
        if not self.tolerate(frame, target):
            of = repr(asked) if doubtful else "'<unknown module name>'"  # a base may be that of modules, which have one
            text = f"ImportError: cannot import name {name!r} from {of} (unknown location)"
            where = replace(frame, certain=False) if doubtful or not made.sure else frame
            raised = self.fail(where, statement.line, statement.column, ReferenceKind.FROM_IMPORT, target, "ImportError", text)
            if raised.certain:
                raise raised
        return Data(frame.module.path, name)

    def announce(self, module: ModuleValue, name: str, statement: Load | FromImport, frame: Frame) -> None:
        """Give the warning that the `__getattr__` of a module has for a name. Raises Raised where it is an error."""
        raise NotImplementedError

    def star(self, module: Value, statement: FromImport, frame: Frame) -> None:
        """Bind what `from module import *` binds: the names in `__all__`, else the public ones. Raises Raised for a name of `__all__` that is not there."""
        if not isinstance(module, ModuleValue):
            frame.module.open = True
            return
        names = self.names(module)
        if module.exports is not None:
            for name in module.exports:
                value = names.get(name) or self.attribute(module, name)
                if value is None:
                    if self.tolerate(frame, f"{module.name}:{name}"):
                        continue
                    partial, circular = ("partially initialized ", CIRCULAR) if module.status is Status.RUNNING else ("", "")
                    text = f"AttributeError: {partial}module {module.name!r} has no attribute {name!r}{circular}"
                    raise self.fail(frame, statement.line, statement.column, ReferenceKind.STAR, f"{module.name}:{name}", "AttributeError", text)
                self.put(name, value, frame, either=name in module.either)
        else:
            for name, value in list(names.items()):
                if not name.startswith("_"):
                    self.put(name, value, frame, either=name in module.either)
        if module.open:
            frame.module.open = True
        elif module.status is Status.RUNNING:
            self._star_of_a_running_module(module, frame)

    def _star_of_a_running_module(self, module: ModuleValue, frame: Frame) -> None:
        """Bind what a module will have had by the time it is done; where it has a star import itself, nobody can tell before."""
        if self.strict:
            self.shortened = self.shortened or not module.bound_later <= module.names.keys()
            return
        program = self.world.programs.module(module.path)
        if program is None or any(isinstance(one, FromImport) and one.name == "*" for one in statements_of(program.body)):
            frame.module.open = True
            return
        names = self.bindings(frame)
        for name in module.bound_later:
            if not name.startswith("_"):
                names.setdefault(name, Lazy(module, name))

    def plugin(self, name: str, line: int, frame: Frame) -> None:
        """Import a plugin as pytest does. Raises Raised, for one that is not there with the message that pytest wraps around that."""
        try:
            self.import_name(name, frame, Import(name, None, line, 0), ReferenceKind.STRING)
        except Raised as raised:
            # pytest says so of a plugin that is not there (`_is_missing_module`); what one raises that is there comes through, since pytest 9.1.
            missing = raised.event.target
            if raised.kind != "ModuleNotFoundError" or not f"{name}.".startswith(f"{missing}."):
                raise
            cause = raised.text.partition(": ")[2]
            raise Raised("UsageError", f'ImportError: Error importing plugin "{name}": {cause}', raised.event, raised.trace, certain=raised.certain) from None


def is_looked_up(statement: Import | FromImport | Call) -> bool:
    """Tell whether a module that is in `sys.modules` is all that a statement needs; others need the first package on the way to it as well
    (`is_bound_by_top`), or the last.
    """
    if not isinstance(statement, Call):
        return isinstance(statement, FromImport)
    first = statement.arguments[0] if statement.arguments else None
    return statement.path[-1] == "import_module" or (statement.path[-1] == "resolve_name" and isinstance(first, str) and ":" in first)


def is_bound_by_top(statement: Import | FromImport | Call) -> bool:
    """Tell whether a statement that imports `a.b.c` is content with `a`, once all three are imported: `__import__` is, and so is pytest that calls it."""
    return isinstance(statement, Call) and statement.path[-1] in ("__import__", "importorskip")


def _may_be_absent(value: Value) -> bool:
    """Tell whether an import may fail for want of a distribution."""
    return isinstance(value, External) and value.name.partition(".")[0] not in sys.stdlib_module_names
