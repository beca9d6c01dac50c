#!/usr/bin/env bash
# csvw 4.1.1: CSVW(…).is_valid is True for every table when Python's warnings are off.
# Expected: is_valid "performs CSVW validation" (its docstring); `python -W ignore` and PYTHONWARNINGS=ignore change
# what is shown, not what is checked.
# Seen: a table whose column of datatype date holds "unknown" is not valid by default and valid with either switch:
# the check counts warnings that the filter has already thrown away. A test runner or a service that silences warnings
# has the same effect.
# Matters: a release gate built on is_valid lets every table through as soon as someone cleans up the log.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q csvw==4.1.1
cat > check.py <<'END'
import csvw

print("valid:", csvw.CSVW("days.csv", validate=True).is_valid)
END
printf 'day\nunknown\n' > days.csv
cat > days.csv-metadata.json <<'END'
{"@context": "http://www.w3.org/ns/csvw", "url": "days.csv",
 "tableSchema": {"columns": [{"name": "day", "titles": "day", "datatype": "date"}]}}
END
{
  venv/bin/python check.py
  venv/bin/python -W ignore check.py
  PYTHONWARNINGS=ignore venv/bin/python check.py
} > seen 2> messages
diff - seen <<'END'
valid: False
valid: True
valid: True
END
echo "as seen on 2026-11-30"
