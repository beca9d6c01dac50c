#!/usr/bin/env bash
# csvw 4.1.1: gYear, gYearMonth and gMonthDay take any text; yearMonthDuration takes days.
# Expected: CSV on the Web, "Model for Tabular Data and Metadata", 6.4 (Parsing Cells): a value that is not in the
# lexical space of its datatype (XML Schema Part 2: gYear YYYY, gYearMonth YYYY-MM with months 01 to 12) is an error.
# Seen: the gYear "unknown", the gYearMonth "2019-13", the gMonthDay "05-01" and the yearMonthDuration "P1D" are read,
# and is_valid is True. The date "unknown" is refused, so that the table seems checked.
# Matters: partial dates are what these types are for; the check of a published table passes on every slip in them.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q csvw==4.1.1
venv/bin/python - > seen <<'END'
import json
import pathlib

import csvw

CELLS = [
    ("date", "unknown"),
    ("gYear", "unknown"),
    ("gYearMonth", "2019-13"),
    ("gMonthDay", "05-01"),
    ("yearMonthDuration", "P1D"),
]
for datatype, cell in CELLS:
    pathlib.Path("t.csv").write_text(f"x\n{cell}\n", encoding="utf-8")
    columns = [{"name": "x", "titles": "x", "datatype": datatype}]
    description = {"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": {"columns": columns}}
    pathlib.Path("t.csv-metadata.json").write_text(json.dumps(description), encoding="utf-8")
    print(datatype, cell, "| valid:", csvw.CSVW("t.csv", validate=True).is_valid)
END
diff - seen <<'END'
date unknown | valid: False
gYear unknown | valid: True
gYearMonth 2019-13 | valid: True
gMonthDay 05-01 | valid: True
yearMonthDuration P1D | valid: True
END
echo "as seen on 2026-11-30"
