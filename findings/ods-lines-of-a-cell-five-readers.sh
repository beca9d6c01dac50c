#!/usr/bin/env bash
# ODS: pandas 2.3.3 glues the lines of a cell together, and python-calamine 0.9.1 and pandas drop line breaks and tabs.
# Expected: OpenDocument 1.2 Part 1, 5.1.3 (text:p), 6.1.5 (text:line-break) and 6.1.4 (text:tab): a paragraph is a line, the others
# are a line break and a tab.
# Seen: a cell with the lines 苏州 and 昆山 is 苏州昆山 in pandas; with a line break inside the paragraph it is 苏州昆山 in pandas and
# in calamine. odfdo 3.27.3, pyexcel-ods3 0.6.1 and SheetJS 0.18.5 keep both.
# Matters: published lists put several places of one zone into one cell, a line each; two names become one that exists nowhere.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pandas==2.3.3 odfpy==1.4.1 python-calamine==0.9.1 odfdo==3.27.3 pyexcel-ods3==0.6.1
npm install --silent --no-save --no-fund --no-audit xlsx@0.18.5
cat > run.mjs <<'END'
import XLSX from "xlsx";
console.log("SheetJS", JSON.stringify(XLSX.utils.sheet_to_json(XLSX.readFile("file.ods").Sheets.Sheet, { header: 1 })[0]));
END
cat > run.py <<'END'
import json
import zipfile

NAMES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def write(cells):
    """Write a spreadsheet of one row."""
    with zipfile.ZipFile("file.ods", "w") as file:
        file.writestr("mimetype", TYPE)
        file.writestr("META-INF/manifest.xml", f"""<m:manifest xmlns:m="{MANIFEST}" m:version="1.2">
<m:file-entry m:full-path="/" m:media-type="{TYPE}"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>""")
        file.writestr("content.xml", f"""<office:document-content {NAMES} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="Sheet"><table:table-row>{cells}</table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>""")


LINES = ("<text:p>苏州</text:p><text:p>昆山</text:p>", "<text:p>苏州<text:line-break/>昆山</text:p>", "<text:p>苏州<text:tab/>昆山</text:p>")
write("".join(f'<table:table-cell office:value-type="string">{lines}</table:table-cell>' for lines in LINES))

import odfdo
import pandas
import pyexcel_ods3
import python_calamine

rows = {
    "pandas": pandas.read_excel("file.ods", engine="odf", header=None).values.tolist(),
    "calamine": python_calamine.CalamineWorkbook.from_path("file.ods").get_sheet_by_index(0).to_python(),
    "odfdo": list(odfdo.Document("file.ods").body.tables[0].iter_values()),
    "pyexcel-ods3": pyexcel_ods3.get_data("file.ods")["Sheet"],
}
for reader, read in rows.items():
    print(reader, json.dumps(read[0], ensure_ascii=False, separators=(",", ":")))
END
{ venv/bin/python -W ignore run.py; node run.mjs; } > seen
diff - seen <<'END'
pandas ["苏州昆山","苏州昆山","苏州昆山"]
calamine ["苏州\n昆山","苏州昆山","苏州昆山"]
odfdo ["苏州\n昆山","苏州\n昆山","苏州\t昆山"]
pyexcel-ods3 ["苏州\n昆山","苏州\n昆山","苏州\t昆山"]
SheetJS ["苏州\n昆山","苏州\n昆山","苏州\t昆山"]
END
echo "as seen on 2026-12-01"
