#!/usr/bin/env bash
# @zazuko/rdf-parser-csvw 0.17.0: a time without a zone becomes a time in UTC as soon as it has a format.
# Expected: CSV on the Web, "Model for Tabular Data and Metadata", 6.4.4: without a marker of a zone in the format the value has no
# zone; its documentation: the time zone is "local" by default.
# Seen: "2019-05-01 03:00" with yyyy-MM-dd HH:mm becomes 2019-05-01T03:00:00Z, whatever TZ says, while 2019-05-01T03:00:00 without a
# format stays without a zone. csvw 4.1.1 for Python gives no zone in both cases.
# Matters: three o'clock in Beijing becomes eleven in the morning, and which rows of a table are moved depends on the way they
# were written; comparisons with times without a zone are undefined.
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
for (const [datatype, cell] of [['[ csvw:base "dateTime" ; csvw:format "yyyy-MM-dd HH:mm" ]', "2019-05-01 03:00"], ["xsd:dateTime", "2019-05-01T03:00:00"]]) {
  const metadata = `@prefix csvw: <http://www.w3.org/ns/csvw#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    [] csvw:url "http://example.org/table.csv"^^xsd:anyURI ; csvw:tableSchema [ csvw:aboutUrl "http://example.org/{id}" ; csvw:column
      ( [ csvw:name "id" ; csvw:title "id" ; csvw:suppressOutput true ] [ csvw:name "time" ; csvw:title "time" ; csvw:datatype ${datatype} ] ) ] .`;
  const parser = new CsvwParser({ metadata: new Store(new Parser().parse(metadata)), baseIRI: "http://example.org/table.csv" });
  for await (const quad of parser.import(Readable.from([`id,time\n1,${cell}\n`])))
    if (quad.subject.value === "http://example.org/1" && quad.object.termType === "Literal") console.log("rdf-parser-csvw", process.env.TZ, cell, quad.object.value);
}
END
cat > run.py <<'END'
import csvw

for datatype, cell in (({"base": "dateTime", "format": "yyyy-MM-dd HH:mm"}, "2019-05-01 03:00"), ("dateTime", "2019-05-01T03:00:00")):
    print("csvw for Python", cell, csvw.Datatype.fromvalue(datatype).read(cell).isoformat())
END
{ TZ=Asia/Shanghai node run.mjs; TZ=UTC node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
rdf-parser-csvw Asia/Shanghai 2019-05-01 03:00 2019-05-01T03:00:00Z
rdf-parser-csvw Asia/Shanghai 2019-05-01T03:00:00 2019-05-01T03:00:00
rdf-parser-csvw UTC 2019-05-01 03:00 2019-05-01T03:00:00Z
rdf-parser-csvw UTC 2019-05-01T03:00:00 2019-05-01T03:00:00
csvw for Python 2019-05-01 03:00 2019-05-01T03:00:00
csvw for Python 2019-05-01T03:00:00 2019-05-01T03:00:00
END
echo "as seen on 2026-12-01"
