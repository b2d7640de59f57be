"""What packaging metadata says: package directories, dependencies, and nothing that raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.discovery.metadata import Metadata, read_metadata

METADATA = {
    ("pyproject.toml", '[tool.setuptools.package-dir]\n"" = "code"\n"a.b" = "lib/a/b"\nodd = "elsewhere"'): ("code", "lib"),
    ("pyproject.toml", '[tool.setuptools.packages.find]\nwhere = ["x", "y"]'): ("x", "y"),
    ("pyproject.toml", '[tool.poetry]\npackages = [{include="a", from="lib"}, {include="b"}]'): ("lib",),
    ("pyproject.toml", '[tool.hatch.build.targets.wheel]\npackages = ["python/a"]'): ("python",),
    ("pyproject.toml", '[tool.hatch.build]\nsources = ["s"]\ndev-mode-dirs = ["d"]'): ("s", "d"),
    ("pyproject.toml", '[tool.hatch.build.targets.wheel.sources]\n"s" = ""\n"t" = "u"'): ("s",),
    ("pyproject.toml", '[tool.pdm.build]\npackage-dir = "p"'): ("p",),
    ("pyproject.toml", '[tool.maturin]\npython-source = "python"'): ("python",),
    ("pyproject.toml", '[tool.uv.build-backend]\nmodule-root = ""'): ("",),
    ("pyproject.toml", '[tool.scikit-build.wheel]\npackages = ["python/a"]'): ("python",),
    ("pyproject.toml", "tool = 3"): (),
    ("pyproject.toml", '[tool.poetry]\npackages = "odd"\n[tool.hatch]\nbuild = []'): (),
    ("setup.cfg", "[options]\npackage_dir =\n  = src\n[options.packages.find]\nwhere = lib"): ("src", "lib"),
    ("setup.cfg", "[options]\npackage-dir = =src"): ("src",),
    ("setup.py", "setup(package_dir={'': 'src'}, packages=find_packages('src'))"): ("src", "src"),
    ("setup.py", "import setuptools\nwhere = 'l' + 'ib'\nsetuptools.setup(packages=setuptools.find_namespace_packages(where=where))"): ("lib",),
    ("setup.py", "dirs = {'a': 'x/a'}\nsetup(package_dir=dirs)"): ("x",),
    ("setup.py", "setup(package_dir=compute(), packages=find_packages())"): (),
    ("setup.py", "print 'two'"): (),
}


@pytest.mark.parametrize(("name", "source"), METADATA)
def test_package_directories(name: str, source: str) -> None:
    assert tuple(path for path, _ in read_metadata(name, source.encode())[0].package_directories) == METADATA[name, source]


DEPENDENCIES = {
    (
        "pyproject.toml",
        "[project]\ndependencies = ['Zope.Interface>=5', 'a[x]; python_version<\"3\"']\noptional-dependencies.x = ['b @ https://e.org/b.zip']",
    ): "a b zope-interface",
    ("pyproject.toml", "[dependency-groups]\ndev = ['c', {include-group='d'}]"): "c",
    ("pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.9'\na = '*'\n[tool.poetry.group.dev.dependencies]\nb = '*'"): "a b",
    ("setup.cfg", "[options]\ninstall_requires =\n  a>=1,<2\n  b\n[options.extras_require]\nx = c; d"): "a b c",
    ("setup.py", "need = ['a']\nsetup(install_requires=need + ['b<2'], extras_require={'x': ['c']})"): "a b c",
    (
        "requirements.txt",
        "# note\n-r other.txt\na==1 \\\n    --hash=sha256:00\n-e git+https://e.org/x#egg=B_b\n./local\nhttps://e.org/c.zip\nthis is prose\n",
    ): "a b-b",
    ("Pipfile", "[packages]\na = '*'\n[dev-packages]\nb = '*'"): "a b",
}


@pytest.mark.parametrize(("name", "source"), DEPENDENCIES)
def test_dependencies(name: str, source: str) -> None:
    assert " ".join(sorted(read_metadata(name, source.encode())[0].dependencies)) == DEPENDENCIES[name, source]


@given(st.sampled_from(["setup.py", "setup.cfg", "pyproject.toml", "Pipfile", ".python-version", "requirements.txt"]), st.binary(max_size=300))
def test_no_bytes_make_metadata_raise(name: str, data: bytes) -> None:
    assert isinstance(read_metadata(name, data)[0], Metadata)
