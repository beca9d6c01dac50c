#!/usr/bin/env bash
# frictionless 5.21.0: writing a table with a date field of "format": "any" puts the word "any" into every cell.
# Expected: Table Schema, date: "any" says how to read; a table that is read and written holds the same days (the
# default format is YYYY-MM-DD).
# Seen: a table with 2019-05-01 and 2020-12-31 is written to CSV with the day "any" twice; no error is raised, and the
# copy has lost the column. The same for time and datetime.
# Matters: converting a published table to another delimiter with its own schema destroys its dates.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q frictionless==5.21.0
venv/bin/python -W ignore - > seen <<'END'
import pathlib

import frictionless

DAYS = "name,day\n高新区,2019-05-01\n经开区,2020-12-31\n"
pathlib.Path("days.csv").write_text(DAYS, encoding="utf-8")
for form in ("default", "any"):
    fields = [{"name": "name", "type": "string"}, {"name": "day", "type": "date", "format": form}]
    schema = frictionless.Schema.from_descriptor({"fields": fields})
    print(form, "| valid:", frictionless.Resource(path="days.csv", schema=schema).validate().valid)
    frictionless.Resource(path="days.csv", schema=schema).write("copy.csv")
    print(pathlib.Path("copy.csv").read_text(encoding="utf-8").split())
for kind, cell in (("datetime", "2019-05-01T08:00:00"), ("time", "08:00:00")):
    field = frictionless.Field.from_descriptor({"name": "x", "type": kind, "format": "any"})
    print(kind, field.write_cell(field.read_cell(cell)[0])[0])
END
diff - seen <<'END'
default | valid: True
['name,day', '高新区,2019-05-01', '经开区,2020-12-31']
any | valid: True
['name,day', '高新区,any', '经开区,any']
datetime any
time any
END
echo "as seen on 2026-11-30"
