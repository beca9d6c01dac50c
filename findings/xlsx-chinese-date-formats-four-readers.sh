#!/usr/bin/env bash
# openpyxl 3.1.5 and ExcelJS 4.4.0 read dates in the built-in formats of Chinese Excel as numbers: 2000年1月1日 is 36526.
# Expected: ECMA-376 Part 1, 18.8.30 (numFmt), table for zh-cn: 27 to 36 and 50 to 58 are built-in formats of dates and
# times, 31 yyyy"年"m"月"d"日", 57 yyyy"年"m"月"; the file names the number only.
# Seen: python-calamine 0.9.1 and SheetJS 0.18.5 give a date for all of them, openpyxl and ExcelJS the serial number, with
# no warning. With the same format as a custom one, all four give a date.
# Matters: Chinese Excel and WPS write these numbers when 2001年3月 or 2001年3月14日 is picked from their list: the usual look of
# dates in published lists. A column of such days becomes a column of numbers around 40000.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q openpyxl==3.1.5 python-calamine==0.9.1
npm install --silent --no-save --no-fund --no-audit exceljs@4.4.0 xlsx@0.18.5
cat > write.py <<'END'
import datetime
import re
import zipfile

import openpyxl

BUILT_IN = (14, 27, 31, 36, 50, 57, 58)
book = openpyxl.Workbook()
for row, number in enumerate(BUILT_IN, 1):
    cell = book.active.cell(row, 1, datetime.date(2000, 1, 1))
    cell.number_format = f'yyyy"年"m"月"d"日{number}"'
book.active.cell(len(BUILT_IN) + 1, 1, datetime.date(2000, 1, 1)).number_format = 'yyyy"年"m"月"d"日"'
book.save("custom.xlsx")
with zipfile.ZipFile("custom.xlsx") as source, zipfile.ZipFile("dates.xlsx", "w") as target:
    for name in source.namelist():
        content = source.read(name).decode()
        if name == "xl/styles.xml":  # the custom formats of the cells become built-in ones, which have no text
            for custom, number in re.findall(r'<numFmt numFmtId="(\d+)" formatCode="[^"]*日(\d+)&quot;"\s*/>', content):
                content = re.sub(rf'<numFmt numFmtId="{custom}"[^>]*/>', "", content)
                content = content.replace(f'numFmtId="{custom}"', f'numFmtId="{number}"')
            content = re.sub(r'<numFmts count="\d+">', '<numFmts count="1">', content)
        target.writestr(name, content)
END
cat > read.py <<'END'
import openpyxl
import python_calamine

cells = [row[0] for row in openpyxl.load_workbook("dates.xlsx").active.iter_rows(values_only=True)]
print("openpyxl", *(str(cell)[:10] for cell in cells))
sheet = python_calamine.CalamineWorkbook.from_path("dates.xlsx").get_sheet_by_index(0)
print("calamine", *(str(row[0])[:10] for row in sheet.to_python()))
END
cat > read.mjs <<'END'
import ExcelJS from "exceljs";
import XLSX from "xlsx";
const text = (cell) => (cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell));
const book = new ExcelJS.Workbook();
await book.xlsx.readFile("dates.xlsx");
console.log("ExcelJS", book.worksheets[0].getColumn(1).values.slice(1).map(text).join(" "));
const sheet = XLSX.readFile("dates.xlsx", { cellDates: true, UTC: true }).Sheets.Sheet;
console.log("SheetJS", XLSX.utils.sheet_to_json(sheet, { header: 1 }).map((row) => (row[0] instanceof Date ? "date" : row[0])).join(" "));
END
export TZ=UTC
venv/bin/python write.py
{ echo "built-in 14 27 31 36 50 57 58, custom"; venv/bin/python read.py; node read.mjs; } > seen
diff - seen <<'END'
built-in 14 27 31 36 50 57 58, custom
openpyxl 2000-01-01 36526 36526 36526 36526 36526 36526 2000-01-01
calamine 2000-01-01 2000-01-01 2000-01-01 2000-01-01 2000-01-01 2000-01-01 2000-01-01 2000-01-01
ExcelJS 2000-01-01 36526 36526 36526 36526 36526 36526 2000-01-01
SheetJS date date date date date date date date
END
echo "as seen on 2026-12-01"
