"""One file at both ends: it is run at base and at head, and what it newly fails at or no longer gives is its loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from impact.breaks.markers import End, Markers
from impact.breaks.options import find_lost
from impact.breaks.reach import Reach
from impact.breaks.sides import Side, changed_files
from impact.discovery.warning_filters import is_error
from impact.execution.callables import find_narrower
from impact.execution.playing import Execution
from impact.execution.specials import SPECIAL_METHODS
from impact.execution.values import Absent, ClassValue, Data, Event, External, FunctionValue, Instance, ModuleValue, Raised, Status, Value
from impact.execution.world import World
from impact.execution.written import assigning
from impact.mentions import Mentions
from impact.modules import Compiled, File, Location, Portions
from impact.names import RepoPath, is_below
from impact.programs.blocks import statements_of
from impact.programs.functions import body_of
from impact.programs.paths import Path
from impact.programs.program import Block, Call, FromImport, Load, Problem
from impact.report import Link, ReferenceKind
from impact.snapshots import Rename


@dataclass
class Losses:
    """What the change takes away, by the file that held it (a path at base for what is deleted, else at head).

    `lost` names read `name` or `Class.member`; `unexported` ones a star import no longer brings, bound or not. `failing` holds the
    exception that importing the file newly raises; `narrowed` names stand for something that takes fewer calls than it did, or
    has fewer attributes. `dropped` names are imports that only the file itself may ask for.
    """

    missing: set[RepoPath] = field(default_factory=set)
    lost: dict[RepoPath, frozenset[str]] = field(default_factory=dict)
    failing: dict[RepoPath, Raised] = field(default_factory=dict)
    unexported: dict[RepoPath, frozenset[str]] = field(default_factory=dict)
    risky: set[RepoPath] = field(default_factory=set)
    narrowed: dict[RepoPath, frozenset[str]] = field(default_factory=dict)
    dropped: dict[RepoPath, set[str]] = field(default_factory=dict)


class Assessment(Reach):
    """The two executions, and what the change takes away as far as files were held against themselves."""

    def __init__(
        self, base: Side, head: Side, mentions: Mentions, renames: Iterable[Rename], python: tuple[int, int], generated: Callable[[str, bool], bool]
    ) -> None:
        super().__init__(base, head, mentions, renames)
        self.changed = changed_files(base.snapshot.files, head.snapshot.files)
        self.words: set[str] = set()
        self.suspects: set[RepoPath] = set(self.changed)
        tolerated: set[tuple[RepoPath, str]] = set()
        self.losses = Losses()
        self.holders: dict[RepoPath, frozenset[RepoPath]] = {}
        """The files that may hold an instance of a class which lost members, by the file of the class, where they are few enough to be read."""
        self._held: dict[tuple[RepoPath, bool], frozenset[object]] = {}
        shared = self.words, generated, self.losses.lost, tolerated
        self.base_world = World(base.modules, base.programs, python, self._at_head, True, _never_anew, *shared)
        self.head_world = World(head.modules, head.programs, python, self._at_base, False, self._anew, *shared)
        one, other = (End(side.layout, side.programs, side.snapshot.files) for side in (base, head))
        self.markers = Markers(one, other, mentions, self.changed)
        self.head_world.dropped = self.losses.dropped
        self.head_world.lacking_mark = self.markers.lacking
        self.options = find_lost(one, other, self.changed)
        self.head_world.lost_inis, self.head_world.lost_options = self.options.inis, self.options.given
        self.words.update(self.options.words())
        self.head_world.refused = self._refused
        self.base_world.warning_raises, self.head_world.warning_raises = _warnings(base), _warnings(head)
        self.before = Execution(self.base_world, self.suspects)
        self.after = Execution(self.head_world, self.suspects, before=self._run_base)
        self.unserved = self.head_world.unserved
        self.narrower = self.head_world.narrower
        self._known: dict[RepoPath, tuple[object, ...]] = {}

    def _anew(self, path: RepoPath, statement: FromImport | Path, in_function: bool) -> bool:
        """Tell whether a file of head asks for something that it did not ask for at base."""
        if path not in self.changed:
            return False
        held = self._held.get((path, in_function))
        if held is None:
            old = self.at_base(path)
            blocks: list[Block] = []
            if old is not None and in_function:
                blocks = [body_of(function) for function in self.base.programs.functions(old).values()]
            elif old is not None and (program := self.base.programs.module(old)) is not None:
                blocks = [program.body]
            held = self._held[path, in_function] = frozenset(one for block in blocks for statement in statements_of(block) for one in _asked(statement))
        return next(iter(_asked(statement)), statement) not in held

    def _refused(self, path: RepoPath) -> Problem | None:
        """Return why Python will not compile what the change made of a file; one that it would not compile before is no news."""
        problem = self.head.programs.refusal(path) if path in self.changed else None
        old = self.at_base(path) if problem is not None else None
        return problem if old is None or self.base.programs.refusal(old) is None else None

    def _run_base(self, path: RepoPath) -> None:
        """What fails at base is tolerated at head: so base goes first, file by file."""
        old = self.at_base(path)
        if old is not None and old not in self.before.loaded:
            self._import(self.before, self.base, old)

    def _at_base(self, name: str, importer: RepoPath) -> bool:
        parts = name.replace("_", "-").lower().split(".")
        declared = any("-".join(parts[:end]) in self.head.layout.dependencies for end in range(1, len(parts) + 1))
        if declared and not self.head.modules.find(name, importer):
            return False  # what left the repository comes with a distribution from now on
        location = self.base.modules.find(name, self.at_base(importer) or importer)
        elsewhere = self.head.snapshot.submodules
        if elsewhere and location is not None:
            place = location.directories[0] if isinstance(location, Portions) else location.path
            if any(is_below(place, one) for one in elsewhere):
                return False  # what went to another repository is there again when that is checked out in its place
        return self.base.modules.provides(location)

    def _at_head(self, name: str, importer: RepoPath) -> bool:
        return self.head.modules.provides(self.head.modules.find(name, self.new_path.get(importer, importer)))

    def assess_deleted(self, path: RepoPath) -> bool:
        """Find out what the absence of a file takes away: the module, or, where its name finds something else now, some of its names."""
        gone = False
        for name in self.base.modules.names_of(path):
            location = self.head.modules.find(name, path)
            if location is None:
                self.losses.missing.add(path)
                self.words.add(name.rpartition(".")[2])
                gone = True
            elif not isinstance(location, Compiled):
                before = self.before.import_file(path, name)
                gone = self._compare(path, before, self._located(location, name)) or gone
        return gone

    def _located(self, location: Location, name: str) -> ModuleValue:
        if isinstance(location, File):
            return self.after.import_file(location.path, name)
        key = location.directories[0] if isinstance(location, Portions) else location.path
        return ModuleValue(location, key, name, Status.DONE)

    def assess(self, path: RepoPath) -> bool:
        """Run a file at both ends; return whether it now takes away more than was known of it."""
        if path not in self.head.snapshot.files:
            return False
        old = self.at_base(path)
        before = self._import(self.before, self.base, old) if old is not None else None
        after = self._import(self.after, self.head, path)
        if after.failure is not None and (before is None or before.failure is None):
            self.losses.failing[path] = after.failure
        elif after.failure is None:
            self.losses.failing.pop(path, None)
        if after.failure is None and before is not None and before.failure is None:
            self._compare(path, before, after)
        if any(not event.certain for event in self.new_events(path)):
            self.losses.risky.add(path)
        known = (
            self.losses.failing[path].text if path in self.losses.failing else None,
            self.losses.lost.get(path),
            self.losses.unexported.get(path),
            path in self.losses.risky,
            self.losses.narrowed.get(path),
        )
        if self._known.get(path, (None, None, None, False, None)) == known:
            self._known[path] = known
            return False
        self._known[path] = known
        return True

    def _import(self, execution: Execution, side: Side, path: RepoPath) -> ModuleValue:
        """Import a file at one end, the packages above it first, as far as they are suspects themselves."""
        injected = set(execution.injected)
        for init in side.packages_above(path):
            if init in self.suspects:
                execution.import_file(init, side.name_of(init))
        value = execution.import_file(path, side.name_of(path))
        if path not in side.layout.conftests:
            # What one test puts into `sys.modules` must not mend another that may run without it.
            execution.injected = injected
        return value

    def _compare(self, path: RepoPath, before: ModuleValue, after: ModuleValue) -> bool:
        """Note the names that a module lost; return whether there are any."""
        lost: set[str] = set()
        unasked: set[str] = set()
        self.head_world.unattached.update((after.path, name) for name in self._unattached(before, after))
        for name, value in tuple(self.before.names(before).items()):  # looking into one may bind another
            now = self.after.attribute(after, name)
            if now is None or (after.open and name not in after.names and name not in after.literals):
                if isinstance(value, External | ModuleValue) and not self.asked_of(path, name):
                    # An import that went, and nobody asks for it here but, perhaps, the functions of the file: there are many.
                    unasked.add(name)
                    if now is None and name.encode() in (self.head.programs.source(after.path) or b""):
                        self.losses.dropped.setdefault(after.path, set()).add(name)
                    continue
                lost.add(name)
                self.words.add(name)
                if before.open and name.encode() not in (self.head.programs.source(after.path) or b""):
                    self.unserved.add((after.path, name))  # it was bound beside what fills the namespace, and is written nowhere now
            elif isinstance(value, ClassValue | FunctionValue) and isinstance(now, Data) and now.none and self._stays_none(after, name):
                text = "TypeError: 'NoneType' object is not callable"
                event = Event(after.path, 1, 0, ReferenceKind.NAME, f"{after.name}:{name}", text, certain=True)
                lost.add(name)
                self.words.add(name)
                after.names[name] = Absent(Raised("TypeError", text, event, (Link(after.path, after.name, 1),)))
            elif isinstance(value, ClassValue) and isinstance(now, ClassValue):
                lost.update(self._lost_members(name, value, now) if value.path == before.path or value.path in self.changed else ())
        narrower = find_narrower(self.before, before, self.after, after, self.changed)
        instances = [(name, value.of, after.names.get(name)) for name, value in before.names.items() if isinstance(value, Instance)]
        narrower |= {
            name
            for name, of, now in instances
            if isinstance(now, Instance) and any(self.after.member(now.of, member) is None for member in self.before.members_of(of).keys() & self.words)
        }
        absent = {name for name, now in after.names.items() if isinstance(now, Absent) and not isinstance(before.names.get(name), Absent)}
        self.narrower.update(absent)
        narrower |= absent
        announced = {name for name in after.announced.keys() - before.announced.keys() if name in before.names and name not in after.names}
        self.narrower.update(announced)
        narrower |= announced
        undecorating = set(self._undecorating(before, after)) if path in self.changed else set()
        self.words.update(undecorating)
        narrower |= undecorating
        if narrower:
            self.losses.narrowed[path] = narrower
        for name in before.literals - {"__getattr__"}:
            if name in before.names or self.after.attribute(after, name) is not None or self.before.attribute(before, name) is None:
                continue
            if self.asked_of(path, name):
                lost.add(name)  # a module `__getattr__` served it
                self.words.add(name)
                self.unserved.add((path, name))
        for name in self._lost_with_the_instance(before, after):
            lost.add(name)
            self.words.add(name)
        fresh = {name for name in after.perhaps - before.perhaps if name in before.names}
        self.head_world.perhaps.update((after.path, name) for name in fresh)
        self.words.update(fresh)
        if fresh:
            self.losses.risky.add(path)
        unexported = self._exported(self.before, before) - self._exported(self.after, after)
        unexported |= self._unbound_exports(self.after, after) - self._unbound_exports(self.before, before)
        unexported -= unasked
        if lost:
            self.losses.lost[path] = frozenset(lost)
        if unexported - lost:
            self.losses.unexported[path] = frozenset(unexported)
            self.words.update(unexported)
        return bool(lost) or bool(unexported)

    def _lost_with_the_instance(self, before: ModuleValue, after: ModuleValue) -> Iterator[str]:
        """Yield what could be asked of a module, or of the instance in its place, and cannot any more since it has one in its place, or had."""
        old, new = self.before.stands_for(before), self.after.stands_for(after)
        if not (isinstance(old, Instance) or isinstance(new, Instance)):
            return
        for name, value in tuple((self.before.members_of(old.of) if isinstance(old, Instance) else before.names).items()):
            if isinstance(new, Instance):
                lacks = self.after.member(new.of, name) is None and not self.after.may_set(new.of, name)
                lacks = lacks or (isinstance(old, Instance) and self._is_doubtful(new.of, name, value))
            else:
                lacks = self.after.attribute(after, name) is None
            if lacks:
                yield name

    def _undecorating(self, before: ModuleValue, after: ModuleValue) -> Iterator[str]:
        """Yield the functions that decorate something, and hand nothing back any more."""
        for name, value in before.names.items():
            now = after.names.get(name)
            if isinstance(value, FunctionValue) and isinstance(now, FunctionValue) and self.after.gives_nothing(now) and not self.before.gives_nothing(value):
                used = re.compile(rb"@[\w.]*\b" + re.escape(name.encode()) + rb"\b")
                if any(used.search(self.head.programs.source(one) or b"") for one in (after.path, *self.naming(after.path))):
                    yield name

    def _stays_none(self, module: ModuleValue, name: str) -> bool:
        """Tell whether a name that a module binds to None is nothing else later: no condition decides, and nobody who holds the module assigns it."""
        assigned = assigning(name)
        others = (self.head.programs.source(path) or b"" for path in self.binders(module.path))
        return name in module.names and name not in module.either and not any(assigned.search(source) for source in others)

    def _unattached(self, before: ModuleValue, after: ModuleValue) -> Iterator[str]:
        """Yield the submodules that a package imported, and so had as attributes, and that no file imports any more."""
        for name, value in self.before.names(before).items():
            child = self.head.modules.child(after.location, name) if isinstance(value, ModuleValue) and name not in after.names else None
            if isinstance(child, File) and value == self.before.attribute(before, name):
                others = (found for found in self.mentions.mentioning(name) if found not in (after.path, child.path))
                if not any(edge.imported == child.path for found in others for edge in self.mentions.edges(found)):
                    yield name

    def _lost_members(self, name: str, before: ClassValue, after: ClassValue) -> Iterator[str]:
        """Yield what a class lost, as `Class.member`: members of its own, of its bases and of classes in it, fields, what methods set."""
        for member, value in self.before.members_of(before).items():
            now = self.after.member(after, member)
            if now is None or self._is_doubtful(after, member, value):
                yield f"{name}.{member}"
                self.words.add(member)
            elif isinstance(value, ClassValue) and isinstance(now, ClassValue) and value.path == before.path:
                yield from self._lost_members(f"{name}.{member}", value, now)
        for member in sorted(self.before.brought_to(before) - self.after.brought_to(after)):
            if not member.startswith("__") and self.after.member(after, member) is None:
                yield f"{name}.{member}"
                self.words.add(member)
        for member in SPECIAL_METHODS:
            if self.before.brings(before, member) and self.after.brings(after, member) is False:
                yield f"{name}.{member}"
                self.words.add(member)
                self.narrower.add(after.name.rpartition(".")[2])  # who uses it does not say so
        if before.path in self.changed or after.path in self.changed:
            for member in sorted(self.before.attributes_of(before) - self.after.attributes_of(after)):
                lacks = self.after.member(after, member) is None and not self.after.may_set(after, member)
                if lacks or self.after.may_hide(after, member):
                    yield f"{name}.{member}"
                    self.words.add(member)

    def _is_doubtful(self, after: ClassValue, member: str, value: Value) -> bool:
        """Tell whether a class may have a member still, and does not show it. What overrode another, by the look of it, goes unmissed."""
        if (member.startswith("__") and member.endswith("__")) or not self.after.may_hide(after, member):
            return False
        function = self.base.programs.functions(value.path).get(value.key) if isinstance(value, FunctionValue) else None
        if function is None:
            return True
        above = re.compile(rf"\bsuper\([^()]*\)\.{member}\b|\.{member}\(\s*self\b")
        return above.search(function.text) is None and all(one.path[-1] != "override" for one in function.decorators)

    @staticmethod
    def _unbound_exports(execution: Execution, module: ModuleValue) -> set[str]:
        return {name for name in module.exports or () if execution.attribute(module, name) is None}

    @staticmethod
    def _exported(execution: Execution, module: ModuleValue) -> set[str]:
        names = execution.names(module)
        return set(module.exports) if module.exports is not None else {name for name in names if not name.startswith("_")}

    def new_events(self, path: RepoPath) -> tuple[Event, ...]:
        """Return the references of a file that fail at head and did not at base, in order."""
        after = self.after.loaded.get(path)
        if after is None:
            return ()
        old = self.at_base(path)
        before = self.before.loaded.get(old) if old is not None else None
        known = {(event.kind, event.target, event.deferred) for event in before.events} if before is not None else set()
        return tuple(event for event in after.events if (event.kind, event.target, event.deferred) not in known)

    def old_events(self, path: RepoPath) -> tuple[Event, ...]:
        """Return the references of a file that fail at both ends, in order."""
        after = self.after.loaded.get(path)
        fresh = set(map(id, self.new_events(path)))
        return tuple(event for event in after.events if id(event) not in fresh) if after is not None else ()


def _warnings(side: Side) -> Callable[[RepoPath, Sequence[str], str | None, str | None], bool | None]:
    """Return what the settings of a file make of a warning that it gives."""

    def raises(path: RepoPath, categories: Sequence[str], text: str | None, module: str | None) -> bool | None:
        return is_error(side.layout.project_of(path).warning_filters, categories, text, module, side.may_be_module)

    return raises


def _never_anew(_path: RepoPath, _statement: FromImport | Path, _in_function: bool) -> bool:
    """At base nothing is new."""
    return False


def _asked(statement: object) -> Iterator[object]:
    """Yield what a statement asks for: itself in full first, then the beginnings of its path."""
    match statement:
        case FromImport(level=level, module=module, name=name):
            yield level, module, name
        case Load(path=path) | Call(path=path):
            yield from (path[:end] for end in range(len(path), 0, -1))
        case tuple():
            yield statement
