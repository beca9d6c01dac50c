#!/usr/bin/env bash
# @jeswr/pretty-turtle 1.8.2: IRIs with a comma, an apostrophe, a bracket or a semicolon become names that Turtle does not have.
# Expected: RDF 1.1 Turtle, 2.4 and 6.5 (PN_LOCAL): such characters stand in a prefixed name only with a backslash;
# otherwise the IRI is written in full, as N3.js 2.13.12, on which this library is built, does.
# Seen: dbr:Xi'an, dbr:Suzhou,_Jiangsu and dbr:Suzhou_(disambiguation) are written as they stand: no parser reads the file,
# or it reads other triples: ex:a,ex:b is one IRI when it is written and two objects when it is read.
# Matters: these are the usual IRIs of DBpedia and Wikipedia; a file with links to them is lost.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --no-fund --no-audit @jeswr/pretty-turtle@1.8.2 n3@2.13.12
cat > run.mjs <<'END'
import { write } from "@jeswr/pretty-turtle";
import { DataFactory, Parser, Writer } from "n3";
const { namedNode, quad } = DataFactory, DBR = "http://dbpedia.org/resource/", EX = "http://example.org/";
const prefixes = { dbr: DBR, ex: EX };
const read = (text) => { try { return new Parser().parse(text).map((each) => each.object.value.replace(DBR, "").replace(EX, "")); } catch (error) { return error.name; } };
for (const iri of [`${DBR}Suzhou`, `${DBR}Xi'an`, `${DBR}Suzhou,_Jiangsu`, `${DBR}Suzhou_(disambiguation)`, `${EX}a;b`, `${EX}a,ex:b`]) {
  const quads = [quad(namedNode(`${EX}zone`), namedNode(`${EX}place`), namedNode(iri))];
  const pretty = await write(quads, { prefixes });
  const plain = await new Promise((done) => { const writer = new Writer({ prefixes }); writer.addQuads(quads); writer.end((_, text) => done(text)); });
  console.log(pretty.trim().split("\n").at(-1), "|", read(pretty), "| N3.js", read(plain));
}
END
node run.mjs > seen
diff - seen <<'END'
ex:zone ex:place dbr:Suzhou . | [ 'Suzhou' ] | N3.js [ 'Suzhou' ]
ex:zone ex:place dbr:Xi'an . | Error | N3.js [ "Xi'an" ]
ex:zone ex:place dbr:Suzhou,_Jiangsu . | Error | N3.js [ 'Suzhou,_Jiangsu' ]
ex:zone ex:place dbr:Suzhou_(disambiguation) . | Error | N3.js [ 'Suzhou_(disambiguation)' ]
ex:zone ex:place ex:a;b . | Error | N3.js [ 'a;b' ]
ex:zone ex:place ex:a,ex:b . | [ 'a', 'b' ] | N3.js [ 'a,ex:b' ]
END
echo "as seen on 2026-12-01"
