#!/usr/bin/env bash
# ExcelJS 4.4.0: a date that is stored as a date (ISO 8601) is read as a day of 1905.
# Expected: ECMA-376 Part 1, 18.18.11 (ST_CellType): t="d" is a cell with a date in ISO 8601 format.
# Seen: 2019-05-01 becomes 1905-07-11, the day number 2019: what stands before the first hyphen is taken for a serial number.
# openpyxl 3.1.5, which wrote the file with iso_dates=True, python-calamine 0.9.1 and SheetJS 0.18.5 read the dates.
# Matters: all dates of a year become one and the same day, without a warning.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TZ=UTC
python3 -m venv venv
venv/bin/pip install -q openpyxl==3.1.5 python-calamine==0.9.1
npm install --silent --no-save --no-fund --no-audit exceljs@4.4.0 xlsx@0.18.5
cat > run.py <<'END'
import datetime

import openpyxl
import python_calamine

book = openpyxl.Workbook(iso_dates=True)
book.active.append([datetime.date(2019, 5, 1)])
book.active.append([datetime.datetime(2019, 5, 1, 10, 30)])
book.save("dates.xlsx")
print("openpyxl", *(row[0] for row in openpyxl.load_workbook("dates.xlsx").active.iter_rows(values_only=True)))
print("calamine", *(row[0] for row in python_calamine.CalamineWorkbook.from_path("dates.xlsx").get_sheet_by_index(0).to_python()))
END
cat > run.mjs <<'END'
import ExcelJS from "exceljs";
import XLSX from "xlsx";
const text = (cell) => (cell instanceof Date ? cell.toISOString() : String(cell));
const book = new ExcelJS.Workbook();
await book.xlsx.readFile("dates.xlsx");
console.log("ExcelJS", book.worksheets[0].getColumn(1).values.slice(1).map(text).join(" "));
const rows = XLSX.utils.sheet_to_json(XLSX.readFile("dates.xlsx", { cellDates: true }).Sheets.Sheet, { header: 1 });
console.log("SheetJS", rows.map((row) => text(row[0]).slice(0, 10)).join(" "));
END
{ venv/bin/python run.py; node run.mjs; } > seen
diff - seen <<'END'
openpyxl 2019-05-01 2019-05-01 10:30:00
calamine 2019-05-01 2019-05-01 10:30:00
ExcelJS 1905-07-11T00:00:00.000Z 1905-07-11T00:00:00.000Z
SheetJS 2019-05-01 2019-05-01
END
echo "as seen on 2026-12-01"
