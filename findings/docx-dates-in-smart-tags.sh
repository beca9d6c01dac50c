#!/usr/bin/env bash
# python-docx 1.2.0 leaves out what stands in smart tags, insertions, content controls and fields.
# Expected: ECMA-376 Part 1, 17.5.1.9 (smartTag), 17.13.5.18 (ins), 17.5.2 (sdt), 17.16.19 (fldSimple): the runs inside are text of
# the paragraph. Paragraph.text of python-docx: "the textual content of this paragraph".
# Seen: of 批准日期：2019年5月1日起 python-docx reads 批准日期：起; the name in a content control and an insertion are gone, and so are the
# table rows in one. The number of 第3批, a field, is missing in mammoth 1.13.0, too. docx2txt 0.9 reads all.
# Matters: Chinese Word marks dates, measures and names with smart tags by itself (chsdate, chmetcnv, PersonName); templates
# of ministries have content controls. The text that is left reads well, so nobody sees that the date is missing.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q python-docx==1.2.0 mammoth==1.13.0 docx2txt==0.9
venv/bin/python - > seen <<'END'
import re
import zipfile

import docx
import docx2txt
import mammoth


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def row(*cells):
    return "<w:tr>" + "".join(f"<w:tc><w:p>{run(cell)}</w:p></w:tc>" for cell in cells) + "</w:tr>"


SMART = f'<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="chsdate">{run("2019年5月1日")}</w:smartTag>'
INSERTED = f'<w:ins w:id="1" w:author="editor" w:date="2020-01-01T00:00:00Z">{run("高新区")}</w:ins>'
BODIES = {
    "smart tag": f'<w:p>{run("批准日期：")}{SMART}{run("起")}</w:p>',
    "insertion": f'<w:p>{run("苏州")}{INSERTED}</w:p>',
    "content control": f'<w:p>{run("名称：")}<w:sdt><w:sdtContent>{run("昆山")}</w:sdtContent></w:sdt></w:p>',
    "field": f'<w:p>{run("第")}<w:fldSimple w:instr=" SEQ batch ">{run("3")}</w:fldSimple>{run("批")}</w:p>',
    "rows": f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{row("甲")}<w:sdt><w:sdtContent>{row("乙")}</w:sdtContent></w:sdt></w:tbl>',
}
template = docx.Document()
template.add_paragraph("BODY")
template.save("template.docx")
for name, body in BODIES.items():
    with zipfile.ZipFile("template.docx") as source, zipfile.ZipFile("file.docx", "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "word/document.xml":
                content = re.sub(r"<w:p>(?:(?!<w:p>).)*BODY.*?</w:p>", lambda _: body, content.decode(), flags=re.DOTALL).encode()
            target.writestr(part, content)
    document = docx.Document("file.docx")
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    texts = {"python-docx": " ".join([each.text for each in document.paragraphs] + cells)}
    with open("file.docx", "rb") as file:
        texts["mammoth"] = mammoth.extract_raw_text(file).value
    texts["docx2txt"] = docx2txt.process("file.docx")
    print(name, *(f"| {reader} {' '.join(text.split())}" for reader, text in texts.items()))
END
diff - seen <<'END'
smart tag | python-docx 批准日期：起 | mammoth 批准日期：2019年5月1日起 | docx2txt 批准日期：2019年5月1日起
insertion | python-docx 苏州 | mammoth 苏州高新区 | docx2txt 苏州高新区
content control | python-docx 名称： | mammoth 名称：昆山 | docx2txt 名称：昆山
field | python-docx 第批 | mammoth 第批 | docx2txt 第3批
rows | python-docx 甲 | mammoth 甲 乙 | docx2txt 甲 乙
END
echo "as seen on 2026-12-01"
