#!/usr/bin/env bash
# Keeps the one comment on the pull request up to date; what the forge refuses is said, and fails nothing.
# Reads IMPACT_REPORT, IMPACT_SUGGEST, RUNNER_TEMP; impact reads GITHUB_TOKEN and GitHub's own variables.
set -euo pipefail

arguments=("$IMPACT_REPORT")
[[ "$IMPACT_SUGGEST" != true ]] || arguments+=(--suggest)
"$RUNNER_TEMP/impact/venv/bin/impact" comment "${arguments[@]}"
