#!/usr/bin/env bash
# ODS: odfdo 3.27.3 reads a cell with a link as Markdown, pyexcel-ods3 0.6.1 an amount of money as a text.
# Expected: OpenDocument 1.2 Part 1, 6.1.8 (text:a): the text of a link is part of the text; 19.385 (office:value-type) and
# 19.384 (office:value): a cell of type currency has a number, as one of type float.
# Seen: 苏州工业园区 with a link on 苏州 becomes "[苏州](http://example.org/)工业园区" in odfdo; 1280.50 yuan become the text
# "1280.5 CNY" in pyexcel-ods3, while pandas 2.3.3 and python-calamine 0.9.1 give the number and the plain text.
# Matters: names no longer match, and sums leave the amounts out or join them as texts.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pandas==2.3.3 odfpy==1.4.1 python-calamine==0.9.1 odfdo==3.27.3 pyexcel-ods3==0.6.1
cat > run.py <<'END'
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


LINK = '<text:p><text:a xlink:type="simple" xlink:href="http://example.org/">苏州</text:a>工业园区</text:p>'
AMOUNT = 'office:value-type="currency" office:currency="CNY" office:value="1280.5"'
write(f'<table:table-cell office:value-type="string">{LINK}</table:table-cell><table:table-cell {AMOUNT}><text:p>￥1,280.50</text:p></table:table-cell>')

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
    print(reader, *(f"{type(cell).__name__} {cell}" for cell in read[0]), sep=" | ")
END
venv/bin/python -W ignore run.py > seen
diff - seen <<'END'
pandas | str 苏州工业园区 | float 1280.5
calamine | str 苏州工业园区 | float 1280.5
odfdo | str [苏州](http://example.org/)工业园区 | Decimal 1280.5
pyexcel-ods3 | str 苏州工业园区 | str 1280.5 CNY
END
echo "as seen on 2026-12-01"
