#!/usr/bin/env bash
# dateparser 1.5.0: a Chinese year such as 1998年 is read as a count of years ago. Seen 2026-11-30.
# Expected: its documentation lists Chinese (zh) among the languages of absolute dates; 年 marks the year, as 月 the month;
# 2013年11月 is read as November 2013, so 2013年 should be some day of 2013.
# Seen: 2013年 is the year 13 and 1998年 the year 28: 2026, the year of reference, less 2013 and 1998 years. No error.
# Why it matters: many lists print the year only; a column then mixes years of our time and of antiquity.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0

cat > "$folder/run.py" <<'PYTHON'
from datetime import datetime

from dateparser import parse

NOW = {"RELATIVE_BASE": datetime(2026, 1, 31)}
for text in ("2013年11月5日", "2013年11月", "2013年", "1998年", "2013"):
    print(text, parse(text, languages=["zh"], settings=NOW).date().isoformat())
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "dateparser-chinese-years: the behaviour has changed" >&2; exit 1; }
2013年11月5日 2013-11-05
2013年11月 2013-11-30
2013年 0013-01-31
1998年 0028-01-31
2013 2013-01-31
SEEN
echo "dateparser-chinese-years: as seen"
