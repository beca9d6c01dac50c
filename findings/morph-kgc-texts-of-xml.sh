#!/usr/bin/env bash
# morph-kgc 2.10.0: an empty XML element becomes the text "None", and a text with an element inside is cut there.
# Expected: XPath 1.0, 5.2: the string-value of an element is all text in it, in order; of an empty one the empty string.
# RML: a reference to an element takes that value; "None" stands nowhere in the file.
# Seen: <note/> gives "None"; <name>苏州<b>工业园区</b>管委会</name> gives "苏州". XPath
# (lxml 6.0.2) gives "" and "苏州工业园区管委会".
# Matters: a graph full of the remark "None"; names with marked or raised characters are cut to their beginning.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q morph-kgc==2.10.0 rdflib==7.2.1 lxml==6.0.2 "setuptools<81"
cat > list.xml <<'END'
<list><zone id="1"><name>苏州<b>工业园区</b>管委会</name><note/></zone><zone id="2"><name>昆山高新区</name><note>无</note></zone></list>
END
cat > mapping.ttl <<'END'
@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> . @prefix ex: <http://example.org/> .
<#map> rml:logicalSource [ rml:source "list.xml" ; rml:referenceFormulation ql:XPath ; rml:iterator "/list/zone" ] ;
  rr:subjectMap [ rr:template "http://example.org/{@id}" ] ;
  rr:predicateObjectMap [ rr:predicate ex:name ; rr:objectMap [ rml:reference "name" ] ],
    [ rr:predicate ex:note ; rr:objectMap [ rml:reference "note" ] ] .
END
venv/bin/python - > seen 2> errors <<'END' || cat errors
import morph_kgc
from lxml import etree

for zone in etree.parse("list.xml").xpath("/list/zone"):
    print("XPath", zone.get("id"), *(repr(zone.xpath(f"string({name})")) for name in ("name", "note")))
for subject, predicate, value in sorted(morph_kgc.materialize("[Source]\nmappings: mapping.ttl\n")):
    print("morph-kgc", subject[-1], predicate[19:], repr(str(value)))
END
diff - seen <<'END'
XPath 1 '苏州工业园区管委会' ''
XPath 2 '昆山高新区' '无'
morph-kgc 1 name '苏州'
morph-kgc 1 note 'None'
morph-kgc 2 name '昆山高新区'
morph-kgc 2 note '无'
END
echo "as seen on 2026-12-01"
