#!/usr/bin/env bash
# morph-kgc 2.10.0: xsd:integer goes through a double: 9007199254740993 becomes …992, and 20 digits another number.
# Expected: R2RML, 10.2 (Natural Mapping) and 10.3 (Datatype-override Mapping): the lexical form is kept or made canonical
# without loss; XSD 1.1, 3.4.13: xsd:integer has no largest value.
# Seen: 9223372036854775808 and everything above become one and the same number, on x86-64 -9223372036854775808; with
# xsd:long the same cell is right. Nothing is raised.
# Matters: numbers of certificates, filings and accounts have 16 to 20 digits; declared as integers they become one and
# the same wrong number, and so one and the same node where they are joined on.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q morph-kgc==2.10.0 rdflib==7.2.1 "setuptools<81"
printf 'id,number\n1,123\n2,9007199254740993\n3,9223372036854775808\n4,12345678901234567890\n' > table.csv
cat > mapping.ttl <<'END'
@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix ex: <http://example.org/> .
<#map> rml:logicalSource [ rml:source "table.csv" ; rml:referenceFormulation ql:CSV ] ;
  rr:subjectMap [ rr:template "http://example.org/{id}" ] ;
  rr:predicateObjectMap [ rr:predicate ex:integer ; rr:objectMap [ rml:reference "number" ; rr:datatype xsd:integer ] ],
    [ rr:predicate ex:long ; rr:objectMap [ rml:reference "number" ; rr:datatype xsd:long ] ] .
END
venv/bin/python - > seen 2> errors <<'END' || cat errors
import morph_kgc
from rdflib import URIRef

graph = morph_kgc.materialize("[Source]\nmappings: mapping.ttl\n")
EX = "http://example.org/"
numbers = {}
for row in open("table.csv").read().split()[1:]:
    key, printed = row.split(",")
    read = {name: str(graph.value(URIRef(EX + key), URIRef(EX + name))) for name in ("integer", "long")}
    same = {name: "the same" if value == printed else "another number" for name, value in read.items()}
    print(printed, *same.items(), read["integer"] if len(printed) < 19 else "")
    numbers.setdefault(read["integer"], []).append(printed)
print("one integer:", *max(numbers.values(), key=len))
END
diff - seen <<'END'
123 ('integer', 'the same') ('long', 'the same') 123
9007199254740993 ('integer', 'another number') ('long', 'the same') 9007199254740992
9223372036854775808 ('integer', 'another number') ('long', 'the same') 
12345678901234567890 ('integer', 'another number') ('long', 'the same') 
one integer: 9223372036854775808 12345678901234567890
END
echo "as seen on 2026-12-01"
