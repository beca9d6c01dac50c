#!/usr/bin/env bash
# frictionless 5.21.0: with "format": "any", a cell with a year or a month alone gets its missing month and day from
# today.
# Expected: Table Schema, date: "any" lets the library guess the form of what stands in the cell; a cell that names no
# day has none, so an error, or the same day whenever it is read.
# Seen: read on the 30th of November, "2020" is 2020-11-30 and "May 2020" is 2020-05-30: the cell changes its value
# with the day of reading. No error is reported; "2019年5月1日", which does name its day, is one.
# Matters: where award dates are given as years, a table that is read twice has two contents, and each day looks
# exact.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q frictionless==5.21.0
venv/bin/python - > seen <<'END'
import datetime

import frictionless

field = frictionless.Field.from_descriptor({"name": "day", "type": "date", "format": "any"})
today = datetime.date.today()
for cell in ("2020", "May 2020", "2019年5月1日"):
    value, notes = field.read_cell(cell)
    print(cell, "| year", value and value.year, "| day is today's:", value and value.day == today.day, "| error:", bool(notes))
END
diff - seen <<'END'
2020 | year 2020 | day is today's: True | error: False
May 2020 | year 2020 | day is today's: True | error: False
2019年5月1日 | year None | day is today's: None | error: True
END
echo "as seen on 2026-11-30"
