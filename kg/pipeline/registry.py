"""Programmes, authorities, mandates, purposes, places, carriers and decisions as triples."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from kg.pipeline import mapping
from kg.tables import Package
from kg.text import pinyin
from kg.vocab import Triple, concept, scheme, term, text, thing

Names = Mapping[tuple[str, str], AbstractSet[str]]
"""Names as printed in the papers, by kind and key of the resource."""

ROLE_WORDS = {
    "approves": ("批准", "approves"),
    "administers": ("管理", "administers"),
    "executes": ("执行", "executes"),
    "participates": ("参与", "participates in"),
}
RELATION_WORDS = {
    "contains": ("包含", "contains"),
    "lies-on": ("依托", "lies on"),
    "succeeds": ("接替", "succeeds"),
    "stage-of": ("是其前一阶段：", "is an earlier stage of"),
    "alternates": ("一牌两名：", "alternates with"),
    "complements": ("互补：", "complements"),
}


def purposes(package: Package) -> Iterator[Triple]:
    """Yield the scheme of purposes in two levels and the collection of the generic ones."""
    title = ("批复目的", "Approval purposes")
    yield from mapping.concepts(package.rows("purposes"), "purpose", "gp:ApprovalPurpose", title)
    generic = scheme("purpose/generic")
    yield from mapping.kind(generic, "skos:Collection")
    yield from mapping.names(generic, "通用目的", "Generic purposes")
    for row in package.rows("purposes"):
        if row["generic"] == "true":
            yield generic, term("skos:member"), concept("purpose", row["id"])


def fields(package: Package) -> Iterator[Triple]:
    """Yield the scheme of fields of technology and industry, with their codes in the scheme that they follow."""
    rows = list(package.rows("fields"))
    if rows:
        yield from mapping.concepts(iter(rows), "field", "gp:Field", ("领域", "Fields"))
    for row in rows:
        yield from mapping.optional(concept("field", row["id"]), "gp:fieldCode", row["code"])


def programmes(package: Package, printed: Names) -> Iterator[Triple]:
    """Yield triples for programmes; variant names printed in the papers become `skos:altLabel`."""
    for row in package.rows("programmes"):
        node = thing("programme", row["id"])
        yield from mapping.kind(node, "gp:Programme")
        others = [*row.many("aliases_zh"), *sorted(printed.get(("programme", row["id"]), set()))]
        yield from mapping.names(node, row["name_zh"], row["name_en"], others)
        yield node, term("gp:hasCategory"), concept("category", row["category"])
        yield node, term("gp:hasPolicyArea"), concept("policy-area", row["policy_area"])
        yield node, term("gp:hasBearerKind"), concept("bearer-kind", row["bearer"])
        yield node, term("gp:hasExtent"), concept("extent", row["usual_extent"])
        if row["parent_id"]:
            yield node, term("gp:hasParentProgramme"), thing("programme", row["parent_id"])
        if row["successor_id"]:
            yield thing("programme", row["successor_id"]), term("gp:succeeds"), node
        yield from mapping.optional(node, "gp:legalBasis", row["legal_basis"])
        yield from mapping.valid(node, row)


def purpose_texts(package: Package) -> Iterator[Triple]:
    """Yield triples for passages of documents and the purposes that their quotes assign."""
    programmes_by_key, purposes_by_key = package.index("programmes"), package.index("purposes")
    for row in package.rows("purpose_texts"):
        node, programme = thing("purpose-text", row["id"]), programmes_by_key[row["programme_id"]]
        yield from mapping.kind(node, "gp:PurposeText")
        english = f"{programme['name_en']}: {row['document_en'] or row['document_zh']}"
        yield from mapping.names(node, f"{programme['name_zh']}：{row['document_zh']}", english)
        yield thing("programme", row["programme_id"]), term("gp:hasPurposeText"), node
        yield node, term("gp:passage"), text(row["text_zh"])
        yield node, term("gp:textKind"), text(row["kind"])
        yield from mapping.translated(node, "gp:documentTitle", row["document_zh"], row["document_en"])
        if row["printed_row"]:
            yield node, term("prov:wasQuotedFrom"), thing("row", row["printed_row"])
        yield from mapping.dated(node, row["published"], "published")
    for row in package.rows("purpose_assignments"):
        node, purpose = thing("assignment", row["id"]), purposes_by_key[row["purpose_id"]]
        programme = programmes_by_key[row["programme_id"]]
        yield from mapping.kind(node, "gp:PurposeAssignment")
        english = f"{programme['name_en']}: {purpose['label_en']}"
        yield from mapping.names(node, f"{programme['name_zh']}：{purpose['label_zh']}", english)
        yield thing("programme", row["programme_id"]), term("gp:hasPurposeAssignment"), node
        yield node, term("gp:assignsPurpose"), concept("purpose", row["purpose_id"])
        yield node, term("gp:supportedBy"), thing("purpose-text", row["text_id"])
        yield node, term("gp:quote"), text(row["quote"])
        yield node, term("gp:hasWeight"), concept("weight", row["weight"])


def authorities(package: Package) -> Iterator[Triple]:
    """Yield triples for authorities, their dated parents and successors."""
    by_key = package.index("authorities")
    for row in by_key.values():
        node = thing("authority", row["id"])
        yield from mapping.kind(node, "gp:Authority")
        yield from mapping.names(node, row["name_zh"], row["name_en"], [row["short_zh"], *row.many("aliases_zh")])
        yield node, term("gp:hasAuthorityKind"), concept("authority-kind", row["kind"])
        yield from mapping.valid(node, row)
        if row["wikidata"]:
            yield node, term("skos:exactMatch"), f"<http://www.wikidata.org/entity/{row['wikidata']}>"
        if row["successor_id"]:
            after = by_key[row["successor_id"]]
            change = thing("change", row["id"])
            yield from mapping.kind(change, "org:ChangeEvent")
            english = f"{row['name_en']} becomes {after['name_en']}"
            yield from mapping.names(change, f"{row['name_zh']}改为{after['name_zh']}", english)
            yield change, term("org:originalOrganization"), node
            yield change, term("org:resultingOrganization"), thing("authority", row["successor_id"])
    for row in package.rows("affiliations"):
        node = thing("affiliation", row["id"])
        lower, upper = by_key[row["authority_id"]], by_key[row["parent_id"]]
        yield from mapping.kind(node, "gp:Affiliation")
        chinese = f"{lower['name_zh']}隶属{upper['name_zh']}{mapping.years(row)}"
        yield from mapping.names(node, chinese, f"{lower['name_en']} under {upper['name_en']}{mapping.years(row)}")
        yield node, term("gp:affiliationOf"), thing("authority", row["authority_id"])
        yield node, term("gp:affiliationWith"), thing("authority", row["parent_id"])
        yield from mapping.valid(node, row)


def mandates(package: Package) -> Iterator[Triple]:
    """Yield triples for the mandates of authorities in programmes: role, validity, status."""
    programmes_by_key, authorities_by_key = package.index("programmes"), package.index("authorities")
    for row in package.rows("mandates"):
        node = thing("mandate", row["id"])
        programme, authority = programmes_by_key[row["programme_id"]], authorities_by_key[row["authority_id"]]
        role_zh, role_en = ROLE_WORDS[row["role"]]
        years = mapping.years(row)
        yield from mapping.kind(node, "gp:Mandate")
        english = f"{authority['name_en']} {role_en} {programme['name_en']}{years}"
        yield from mapping.names(node, f"{authority['name_zh']}{role_zh}{programme['name_zh']}{years}", english)
        yield node, term("gp:mandateOf"), thing("authority", row["authority_id"])
        yield node, term("gp:mandateFor"), thing("programme", row["programme_id"])
        yield node, term("gp:mandateRole"), concept("mandate-role", row["role"])
        yield node, term("gp:mandateStatus"), concept("status", row["status"])
        yield from mapping.translated(node, "gp:basis", row["basis_zh"], row["basis_en"])
        yield from mapping.valid(node, row)


def relations(package: Package) -> Iterator[Triple]:
    """Yield triples for relations by design between programmes."""
    by_key = package.index("programmes")
    for row in package.rows("programme_relations"):
        node = thing("relation", row["id"])
        subject, other = by_key[row["subject_id"]], by_key[row["object_id"]]
        word_zh, word_en = RELATION_WORDS[row["relation"]]
        yield from mapping.kind(node, "gp:ProgrammeRelation")
        english = f"{subject['name_en']} {word_en} {other['name_en']}"
        yield from mapping.names(node, f"{subject['name_zh']}{word_zh}{other['name_zh']}", english)
        yield node, term("gp:relationSubject"), thing("programme", row["subject_id"])
        yield node, term("gp:relationObject"), thing("programme", row["object_id"])
        yield node, term("gp:relationKind"), concept("relation", row["relation"])
        yield node, term("gp:statementStatus"), concept("status", row["status"])
        yield from mapping.translated(node, "gp:basis", row["basis_zh"], row["basis_en"])


def decisions(package: Package) -> Iterator[Triple]:
    """Yield triples for decisions; contradicting ones are all kept."""
    for row in package.rows("decisions"):
        node = thing("decision", row["id"])
        subject = row["finding"] or f"{row['one_id']} · {row['other_id']}"
        yield from mapping.kind(node, "gp:Decision")
        yield from mapping.names(node, f"裁定：{subject}", f"Decision: {subject}")
        if row["finding"]:
            yield node, term("gp:decidesOn"), thing("finding", row["finding"])
        for entry in filter(None, (row["one_id"], row["other_id"])):
            kind, _, key = entry.partition("/")
            yield node, term("gp:comparesThing"), thing(kind, key)
        yield node, term("gp:hasVerdict"), concept("decision-verdict", row["verdict"])
        yield node, term("gp:reason"), text(row["reason"])
        yield node, term("gp:deciderName"), text(row["decided_by"])
        yield from mapping.dated(node, row["decided_on"], "decided")
        yield node, term("gp:evidenceHash"), text(row["evidence_hash"])


def places(package: Package, printed: Names) -> Iterator[Triple]:
    """Yield triples for today's divisions: names, code, level, ranks, parent, point (WGS84), external matches."""
    for row in package.rows("places"):
        node = thing("place", row["id"])
        yield from mapping.kind(node, "gp:Place")
        others = [row["short_zh"], *sorted(printed.get(("place", row["id"]), set()))]
        yield from mapping.names(node, row["name_zh"], row["name_en"], others)
        yield node, term("gp:divisionCode"), text(row["id"])
        yield from mapping.optional(node, "gp:pinyin", row["pinyin"])
        yield node, term("gp:hasLevel"), concept("level", row["level"])
        for rank in row.many("ranks"):
            yield node, term("gp:hasRank"), concept("rank", rank)
        if row["parent_id"]:
            yield node, term("gp:directlyWithin"), thing("place", row["parent_id"])
        if row["longitude"] and row["latitude"]:
            point = thing("geometry", row["id"])
            yield node, term("geo:hasGeometry"), point
            yield from mapping.kind(point, "geo:Geometry")
            literal = f'"POINT({row["longitude"]} {row["latitude"]})"^^{term("geo:wktLiteral")}'
            yield point, term("geo:asWKT"), literal
        if row["wikidata"]:
            yield node, term("skos:exactMatch"), f"<http://www.wikidata.org/entity/{row['wikidata']}>"
        if row["geonames"]:
            yield node, term("skos:closeMatch"), f"<https://sws.geonames.org/{row['geonames']}/>"


def regions(package: Package, printed: Names) -> Iterator[Triple]:
    """Yield triples for macro-regions and their complete and partial members."""
    for row in package.rows("regions"):
        node = thing("region", row["id"])
        yield from mapping.kind(node, "gp:Region")
        others = sorted(printed.get(("region", row["id"]), set()))
        yield from mapping.names(node, row["name_zh"], row["name_en"], others)
    for row in package.rows("region_members"):
        relation = "gp:inRegion" if row["scope"] == "whole" else "gp:partlyInRegion"
        yield thing("place", row["place_id"]), term(relation), thing("region", row["region_id"])


def former_places(package: Package, readings: pinyin.KnownNames) -> Iterator[Triple]:
    """Yield triples for former divisions: names, codes, years, today's divisions on their territory.

    Their years have properties of their own, so that queries about mandates need not skip thousands of them.
    """
    shorts = {row["short_zh"] for row in package.rows("former_places") if len(row["short_zh"]) > 1}
    known = pinyin.KnownNames({**{short: pinyin.syllables(short) for short in shorts}, **readings.words})
    for row in package.rows("former_places"):
        node = thing("former-place", row["id"])
        yield from mapping.kind(node, "gp:FormerPlace")
        yield from mapping.names(node, row["name_zh"], others=[row["short_zh"]])
        yield from mapping.transcription(node, row, known)
        yield node, term("gp:divisionCode"), text(row["code"])
        yield node, term("gp:hasLevel"), concept("level", row["level"])
        yield from mapping.valid(node, row, "used")
        for key in row.many("place_ids"):
            yield node, term("gp:liesTodayIn"), thing("place", key)


def carriers(package: Package, readings: pinyin.KnownNames) -> Iterator[Triple]:
    """Yield triples for carriers (organisations, zones, companies) under every name that the lists print.

    English names are in a separate table; names without one are transcribed.
    """
    english = package.index("carrier_names")
    for row in package.rows("carriers"):
        node, known = thing("carrier", row["id"]), english.get(row["id"])
        yield from mapping.kind(node, "gp:Carrier")
        name = row["name_en"] or (known["name_en"] if known else "")
        yield from mapping.names(node, row["name_zh"], name, row.many("names"))
        if not name:
            yield from mapping.transcription(node, row, readings)
        if known and known["short_en"]:
            yield node, mapping.ALT, text(known["short_en"], "en")
        yield node, term("gp:hasCarrierKind"), concept("carrier-kind", row["kind"])
        for column, relation, kind in (
            ("place_id", "gp:seatedIn", "place"),
            ("parent_id", "gp:hasParentCarrier", "carrier"),
            ("designation_id", "gp:hasOwnDesignation", "designation"),
        ):
            if row[column]:
                yield node, term(relation), thing(kind, row[column])
