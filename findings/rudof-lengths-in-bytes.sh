#!/usr/bin/env bash
# pyrudof 0.3.35 (rudof): lengths of texts are counted in bytes of UTF-8, by SHACL and by ShEx: 国家 has six.
# Expected: SHACL, 4.4.1 and 4.4.2: the length is that of SPARQL's STRLEN, in characters; ShEx 2.1, 5.4.4 (XML Schema
# String Facet Constraints): the length of the lexical form in characters.
# Seen: "国家" violates sh:maxLength 2 and passes sh:minLength 6, and so with LENGTH and MAXLENGTH of ShEx. The SPARQL mode of
# the same library, which is not the default, and pySHACL 0.40.1 count two.
# Matters: a rule such as "at least four characters" never fails for Chinese, "at most ten" refuses every fourth name;
# reports on English test data look right.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pyrudof==0.3.35 pyshacl==0.40.1 rdflib==7.6.0
venv/bin/python - > seen <<'END'
import pyrudof
import pyshacl
import rdflib

PREFIXES = "PREFIX ex: <http://example.org/> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


def shacl(data, shapes, mode):
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    session.read_data(PREFIXES + data)
    session.read_shacl(PREFIXES + shapes)
    return session.validate_shacl(mode=mode).conforms


def shex(data, schema):
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    session.read_data(PREFIXES + data)
    session.read_shex(PREFIXES + schema)
    session.read_shapemap("<http://example.org/a>@<http://example.org/S>")
    return session.validate_shex().conforms


for text in ("ab", "国家"):
    data = f'ex:a ex:name "{text}" .'
    for length in (2, 6):
        shapes = f"ex:s sh:targetNode ex:a ; sh:property [ sh:path ex:name ; sh:minLength {length} ; sh:maxLength {length} ] ."
        graphs = [rdflib.Graph().parse(data=PREFIXES + part, format="turtle") for part in (data, shapes)]
        print(
            text, "has length", length, "| SHACL", shacl(data, shapes, pyrudof.ShaclValidationMode.Native),
            "| SHACL by SPARQL", shacl(data, shapes, pyrudof.ShaclValidationMode.Sparql),
            "| ShEx", shex(data, f"ex:S {{ ex:name xsd:string LENGTH {length} }}"),
            "| pySHACL", pyshacl.validate(graphs[0], shacl_graph=graphs[1])[0],
        )
END
diff - seen <<'END'
ab has length 2 | SHACL True | SHACL by SPARQL True | ShEx True | pySHACL True
ab has length 6 | SHACL False | SHACL by SPARQL False | ShEx False | pySHACL False
国家 has length 2 | SHACL False | SHACL by SPARQL True | ShEx False | pySHACL True
国家 has length 6 | SHACL True | SHACL by SPARQL False | ShEx True | pySHACL False
END
echo "as seen on 2026-12-01"
