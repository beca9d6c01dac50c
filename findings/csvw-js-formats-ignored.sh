#!/usr/bin/env bash
# @zazuko/rdf-parser-csvw 0.17.0: formats of numbers and booleans, separators and lists of null values are passed over.
# Expected: CSV on the Web, "Model for Tabular Data and Metadata", 6.4 (Parsing Cells): "1,234.50" with "#,##0.00" is 1234.50, "Y" with
# "Y|N" is true, a cell with a separator is several values, and each text of null makes no triple.
# Seen: "1,234.50"^^xsd:decimal and "Y"^^xsd:boolean, which are no values of these types, one text "苏州;昆山", and the texts 无 and "-"
# although both are null. csvw 4.1.1 for Python reads the four as the specification says. The documentation's section
# on compliance names dates and times only.
# Matters: the graph of a table that validates has ill-typed literals and a value "无" in it; sums and filters skip them.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q csvw==4.1.1
npm install --silent --no-save --no-fund --no-audit @zazuko/rdf-parser-csvw@0.17.0 n3@2.13.12
cat > run.mjs <<'END'
import { Readable } from "node:stream";
import CsvwParser from "@zazuko/rdf-parser-csvw";
import { Parser, Store } from "n3";
const columns = [
  ["area", '[ csvw:base "decimal" ; csvw:format "#,##0.00" ]', "", '"1,234.50"'],
  ["open", '[ csvw:base "boolean" ; csvw:format "Y|N" ]', "", "Y"],
  ["place", "xsd:string", '; csvw:separator ";"', "苏州;昆山"],
  ["note", "xsd:string", '; csvw:null "-", "无"', "无"],
  ["remark", "xsd:string", '; csvw:null "-", "无"', "-"],
];
for (const [name, datatype, more, cell] of columns) {
  const metadata = `@prefix csvw: <http://www.w3.org/ns/csvw#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    [] csvw:url "http://example.org/table.csv"^^xsd:anyURI ; csvw:tableSchema [ csvw:aboutUrl "http://example.org/{id}" ; csvw:column
      ( [ csvw:name "id" ; csvw:title "id" ; csvw:suppressOutput true ] [ csvw:name "${name}" ; csvw:title "${name}" ; csvw:datatype ${datatype} ${more} ] ) ] .`;
  const parser = new CsvwParser({ metadata: new Store(new Parser().parse(metadata)), baseIRI: "http://example.org/table.csv" });
  const values = [];
  for await (const quad of parser.import(Readable.from([`id,${name}\n1,${cell}\n`])))
    if (quad.subject.value === "http://example.org/1" && quad.object.termType === "Literal")
      values.push(`${JSON.stringify(quad.object.value)}^^${quad.object.datatype.value.replace(/.*#/, "")}`);
  console.log("rdf-parser-csvw", name, values.join(" ") || "no value");
}
END
cat > run.py <<'END'
import csvw

for base, pattern, cell in (("decimal", "#,##0.00", "1,234.50"), ("boolean", "Y|N", "Y")):
    print("csvw for Python", csvw.Datatype.fromvalue({"base": base, "format": pattern}).read(cell))
for description, cell in (({"separator": ";"}, "苏州;昆山"), ({"null": ["-", "无"]}, "无"), ({"null": ["-", "无"]}, "-")):
    print("csvw for Python", csvw.metadata.Column.fromvalue({"name": "cell", **description}).read(cell))
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
rdf-parser-csvw area "1,234.50"^^decimal
rdf-parser-csvw open "Y"^^boolean
rdf-parser-csvw place "苏州;昆山"^^string
rdf-parser-csvw note "无"^^string
rdf-parser-csvw remark "-"^^string
csvw for Python 1234.50
csvw for Python True
csvw for Python ['苏州', '昆山']
csvw for Python None
csvw for Python None
END
echo "as seen on 2026-12-01"
