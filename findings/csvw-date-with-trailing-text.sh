#!/usr/bin/env bash
# csvw 4.1.1: a cell of datatype date passes with any text behind the day; the time zone is read and then dropped.
# Expected: CSV on the Web, "Model for Tabular Data and Metadata", 6.4.4 and 6.4 (Parsing Cells): a value that does
# not match the format (without one, the lexical form of xsd:date) is an error, and the cell keeps its text.
# Seen: "2019-05-01 to 2020-05-01", "2019-05-01（推算）" ("estimated") and "2019-05-01x" are all read as 2019-05-01, and
# CSVW(…, validate=True).is_valid is True. "2019-05-01+08:00" is read with its zone and written back without it.
# Matters: the validator says that a table of days is clean where ranges and remarks stand in it, and a rewrite
# deletes them.
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

DAYS = ["2019-05-01", "2019-05-01x", "2019-05-01 to 2020-05-01", "2019-05-01（推算）", "2019-05-01+08:00", "1 May 2019"]
for day in DAYS:
    datatype = csvw.Datatype.fromvalue("date")
    try:
        value = datatype.read(day)
        result = value.isoformat(), datatype.formatted(value)
    except ValueError:
        result = "ValueError"
    pathlib.Path("days.csv").write_text(f"day\n{day}\n", encoding="utf-8")
    columns = [{"name": "day", "titles": "day", "datatype": "date"}]
    description = {"@context": "http://www.w3.org/ns/csvw", "url": "days.csv", "tableSchema": {"columns": columns}}
    pathlib.Path("days.csv-metadata.json").write_text(json.dumps(description), encoding="utf-8")
    print(day, "|", result, "| valid:", csvw.CSVW("days.csv", validate=True).is_valid)
END
diff - seen <<'END'
2019-05-01 | ('2019-05-01T00:00:00', '2019-05-01') | valid: True
2019-05-01x | ('2019-05-01T00:00:00', '2019-05-01') | valid: True
2019-05-01 to 2020-05-01 | ('2019-05-01T00:00:00', '2019-05-01') | valid: True
2019-05-01（推算） | ('2019-05-01T00:00:00', '2019-05-01') | valid: True
2019-05-01+08:00 | ('2019-05-01T00:00:00+08:00', '2019-05-01') | valid: True
1 May 2019 | ValueError | valid: False
END
echo "as seen on 2026-11-30"
