#!/usr/bin/env bash
# Judges what the job is about, writes the reports, and says in GITHUB_OUTPUT what came out; it fails only when there is nothing to say.
# A shallow clone is deepened step by step, until what is to be judged is there.
# Reads IMPACT_RANGE, IMPACT_FORMATS (and impact reads IMPACT_FAIL_ON), RUNNER_TEMP, and GitHub's own: EVENT_NAME, EVENT_PATH, REF, BASE_REF,
# STEP_SUMMARY, OUTPUT.
set -euo pipefail

impact="$RUNNER_TEMP/impact/venv/bin/impact"
python="$RUNNER_TEMP/impact/venv/bin/python"
directory="$RUNNER_TEMP/impact/report"
complaint="$RUNNER_TEMP/impact/complaint"
export IMPACT_CACHE_DIR="$RUNNER_TEMP/impact/cache"
mkdir -p "$directory"

arguments=(--output-format github --also "json=$directory/impact.json" --also "markdown=$directory/impact.md" --also "markdown=$GITHUB_STEP_SUMMARY")
read -r -a formats <<<"$IMPACT_FORMATS"
for format in "${formats[@]}"; do
  case "$format" in
    gitlab) suffix=codequality.json ;;
    junit) suffix=xml ;;
    mermaid) suffix=mmd ;;
    *) suffix="$format" ;;
  esac
  arguments+=(--also "$format=$directory/impact.$suffix")
done

# A push is judged from what was there before it, or where that is unknown from the default branch: both are names of GitHub's, held against a pattern.
before='' default=''
if [[ "$GITHUB_EVENT_NAME" == push && -z "$IMPACT_RANGE" ]]; then
  read -r before default < <("$python" - "$GITHUB_EVENT_PATH" <<'PYTHON'
import json
import re
import sys

event = json.load(open(sys.argv[1], encoding="utf-8"))
before, default = str(event.get("before")), str(event.get("repository", {}).get("default_branch"))
print(before if re.fullmatch(r"(?!0+$)[0-9a-f]{40,64}", before) else "-", default if re.fullmatch(r"\w[\w./-]*", default) else "-")
PYTHON
  )
fi

# Whether the clone reaches back to where the push began; of every other event impact itself says what it lacks.
reaches() {
  case "$before/$default" in
    / | -/-) ;;
    -/*) git merge-base "refs/remotes/origin/$default" HEAD >/dev/null 2>&1 ;;
    *) git merge-base --is-ancestor "$before" HEAD 2>/dev/null ;;
  esac
}

deepen() {
  local depth=(--deepen="$1") branch refs=("$GITHUB_REF")
  [[ "$1" -le 1000 ]] || depth=(--unshallow)
  for branch in "$GITHUB_BASE_REF" "${default#-}"; do
    [[ -z "$branch" ]] || refs+=("+refs/heads/$branch:refs/remotes/origin/$branch")
  done
  git fetch --quiet --no-tags "${depth[@]}" origin "${refs[@]}"
}

shallow() {
  [[ "$(git rev-parse --is-shallow-repository)" == true ]]
}

step=1
while shallow && ! reaches && deepen "$step"; do
  step=$((step * 10))
done
while true; do
  code=0
  "$impact" diff -v "${arguments[@]}" -- ${IMPACT_RANGE:+"$IMPACT_RANGE"} 2>"$complaint" || code=$?
  [[ "$code" -eq 2 ]] && shallow && deepen "$step" || break
  step=$((step * 10))
done
cat "$complaint" >&2
[[ "$code" -le 1 ]] || exit "$code"

"$python" - "$directory/impact.json" >>"$GITHUB_OUTPUT" <<'PYTHON'
import json
import sys

for verdict, count in json.load(open(sys.argv[1], encoding="utf-8"))["summary"]["tests"].items():
    print(f"{verdict}={count}")
PYTHON
{
  echo "report=$directory/impact.json"
  echo "directory=$directory"
  echo "code=$code"
} >>"$GITHUB_OUTPUT"
