#!/usr/bin/env bash
# PyShEx 0.9.0: [@zh~] takes any language that begins with the letters zh, no exclusion works, and the case counts.
# Expected: ShEx 2.1, 5.4.6 (Values Constraint): a language stem matches as basic language ranges of RFC 4647, 3.3.1, do:
# the tag itself or the tag and a hyphen, whatever the case; an exclusion takes away what it matches.
# Seen: a label in "zhx" conforms to [@zh~]; a label in zh-Hant conforms to [@zh~ - @zh-Hant] and
# [@zh~ - @zh-Hant~]; ZH-Hans does not conform to [@zh~]. pyrudof 0.3.35 refuses the first two.
# Matters: "Chinese, but not in traditional script" is the rule for labels of official names; nothing is ever refused.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q PyShEx==0.9.0 rdflib==7.6.0 pyrudof==0.3.35
venv/bin/python -W ignore - > seen 2> errors <<'END'
import pyrudof
from pyshex import ShExEvaluator

PREFIX = "PREFIX ex: <http://example.org/>\n"


def pyshex(data, schema):
    results = ShExEvaluator(rdf=data, schema=schema, focus="http://example.org/a", start="http://example.org/S").evaluate()
    return all(result.result for result in results)


def rudof(data, schema):
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    session.read_data(data)
    session.read_shex(schema)
    session.read_shapemap("<http://example.org/a>@<http://example.org/S>")
    return session.validate_shex().conforms


for stem in ("@zh~", "@zh~ - @zh-Hant", "@zh~ - @zh-Hant~"):
    for tag in ("zh", "zh-Hans", "ZH-Hans", "zh-Hant", "zh-Hant-TW", "zhx"):
        data, schema = PREFIX + f'ex:a ex:p "x"@{tag} .', PREFIX + f"ex:S {{ ex:p [{stem}] }}"
        print(f"[{stem}]", tag, "| PyShEx", pyshex(data, schema), "| rudof", rudof(data, schema))
END
diff - seen <<'END' || { cat errors; exit 1; }
[@zh~] zh | PyShEx True | rudof True
[@zh~] zh-Hans | PyShEx True | rudof True
[@zh~] ZH-Hans | PyShEx False | rudof True
[@zh~] zh-Hant | PyShEx True | rudof True
[@zh~] zh-Hant-TW | PyShEx True | rudof True
[@zh~] zhx | PyShEx True | rudof False
[@zh~ - @zh-Hant] zh | PyShEx True | rudof True
[@zh~ - @zh-Hant] zh-Hans | PyShEx True | rudof True
[@zh~ - @zh-Hant] ZH-Hans | PyShEx False | rudof True
[@zh~ - @zh-Hant] zh-Hant | PyShEx True | rudof False
[@zh~ - @zh-Hant] zh-Hant-TW | PyShEx True | rudof True
[@zh~ - @zh-Hant] zhx | PyShEx True | rudof False
[@zh~ - @zh-Hant~] zh | PyShEx True | rudof True
[@zh~ - @zh-Hant~] zh-Hans | PyShEx True | rudof True
[@zh~ - @zh-Hant~] ZH-Hans | PyShEx False | rudof True
[@zh~ - @zh-Hant~] zh-Hant | PyShEx True | rudof False
[@zh~ - @zh-Hant~] zh-Hant-TW | PyShEx True | rudof False
[@zh~ - @zh-Hant~] zhx | PyShEx True | rudof False
END
echo "as seen on 2026-12-01"
