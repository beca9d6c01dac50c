#!/usr/bin/env bash
# pycnnum 2.1.1: a year written digit by digit is read as its last digit. Seen 2026-11-30.
# Expected: cn2num converts Chinese numbers to numbers; 二〇一九 is 2019, the usual form of years in official texts
# (GB/T 15835); what it cannot read is refused, as 廿 is.
# Seen: 二〇一九 and 二零一九 are 9, without an error; numbers with units (二千〇一十九) are right.
# Why it matters: years of documents become numbers below ten that look like counts.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycnnum==2.1.1

cat > "$folder/run.py" <<'PYTHON'
from pycnnum import cn2num

for text in ("二千〇一十九", "一百一", "二〇一九", "二零一九"):
    print(text, cn2num(text))
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "pycnnum-years: the behaviour has changed" >&2; exit 1; }
二千〇一十九 2019
一百一 110
二〇一九 9
二零一九 9
SEEN
echo "pycnnum-years: as seen"
