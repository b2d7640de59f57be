#!/usr/bin/env bash
# Installs impact into a virtual environment of its own: the version that is asked for, or the one that this action came with.
# Reads IMPACT_PYTHON, IMPACT_VERSION, GITHUB_ACTION_PATH, RUNNER_TEMP.
set -euo pipefail

if [[ -n "$IMPACT_VERSION" && ! "$IMPACT_VERSION" =~ ^[0-9][0-9A-Za-z.!+-]*$ ]]; then
  echo "impact: version: not a version" >&2
  exit 2
fi
"$IMPACT_PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "impact: python: Python 3.11 or newer is needed (actions/setup-python)" >&2
  exit 2
}
venv="$RUNNER_TEMP/impact/venv"
"$IMPACT_PYTHON" -m venv "$venv"
wanted="${IMPACT_VERSION:+git-impact[comment]==$IMPACT_VERSION}"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "${wanted:-$GITHUB_ACTION_PATH[comment]}"
