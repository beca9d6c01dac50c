#!/usr/bin/env bash
# A DOCX name with a phonetic guide: 大埔县 is 大县 for python-docx 1.2.0 and mammoth 1.13.0, 大pǔ埔县 for docx2txt and docx2python.
# Expected: ECMA-376 Part 1, 17.3.3.25 (ruby): rubyBase is the text, rt is the guide that is shown above it.
# Seen: the first two leave out the character together with its guide, docx2txt 0.9 and docx2python 3.7.1 put the guide into the
# name, before the character. No reader of the four gives 大埔县.
# Matters: guides stand on just those names that are rare or read in an unusual way; 大县 is no county, and no search finds
# 大pǔ埔县. Nothing is raised.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q python-docx==1.2.0 mammoth==1.13.0 docx2txt==0.9 docx2python==3.7.1
venv/bin/python - > seen <<'END'
import zipfile

import docx
import docx2txt
import mammoth
from docx2python import docx2python

RUN = "<w:r><w:t>{}</w:t></w:r>"
GUIDE = f"""<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="10"/><w:hpsRaise w:val="18"/><w:hpsBaseText w:val="21"/>
<w:lid w:val="zh-CN"/></w:rubyPr><w:rt>{RUN.format("pǔ")}</w:rt><w:rubyBase>{RUN.format("埔")}</w:rubyBase></w:ruby></w:r>"""
template = docx.Document()
template.add_paragraph("BODY")
template.save("template.docx")
with zipfile.ZipFile("template.docx") as source, zipfile.ZipFile("file.docx", "w") as target:
    for part in source.namelist():
        content = source.read(part)
        if part == "word/document.xml":
            content = content.decode().replace(RUN.format("BODY"), RUN.format("大") + GUIDE + RUN.format("县")).encode()
        target.writestr(part, content)
print("python-docx", docx.Document("file.docx").paragraphs[-1].text)
with open("file.docx", "rb") as file:
    print("mammoth", mammoth.extract_raw_text(file).value.strip())
print("docx2txt", docx2txt.process("file.docx").strip())
with docx2python("file.docx") as document:
    print("docx2python", document.text.strip())
END
diff - seen <<'END'
python-docx 大县
mammoth 大县
docx2txt 大pǔ埔县
docx2python 大pǔ埔县
END
echo "as seen on 2026-12-01"
