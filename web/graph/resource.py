"""What the graph says of one thing: statements in a sensible order, links that come in, messages of the validation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from kg.store import Literal, NamedNode, Term
from kg.vocab import PREFIXES
from web.graph.queries import Graph, Row, expanded, value

INCOMING_PAGE_SIZE = 50
"""Incoming links on a page of one property; before the reader asks for one, a few of each are shown."""
INCOMING_PREVIEW = 8
"""Incoming links of a property that are shown before the reader asks for it."""
MAX_INCOMING_READ = 200
"""Incoming links up to which all are read at once, and counted here; of more the store counts them."""

GROUPS = {
    "names": """
        skos:altLabel gp:pinyin gp:transcription dcterms:title dcterms:identifier gp:divisionCode gp:tableNumber
        gp:columnHeading gp:columnName gp:columnPosition gp:rowKey skos:definition skos:example skos:note
    """,
    "kind": """
        rdf:type gp:hasCategory gp:hasPolicyArea gp:hasBearerKind gp:hasExtent gp:hasAuthorityKind
        gp:hasCarrierKind gp:hasLevel gp:hasRank gp:hasHeading gp:contentDescription gp:textKind
        gp:hasStanding gp:hasStageKind gp:hasOutcome gp:hasCompleteness gp:hasCertainty gp:hasMark
        gp:nationalDesign skos:inScheme skos:topConceptOf skos:broader skos:member
    """,
    "said": """
        gp:passage gp:statement gp:quote gp:claimedNumbers gp:assignsPurpose gp:hasWeight gp:supportedBy
        gp:claimsPosition gp:positionsArea gp:planTitle gp:describes gp:printedGroup gp:printedHeading
        gp:printedRank gp:printedName gp:printedIndicator gp:printedSector gp:printedRegion gp:printedPlace
        gp:printedCountry gp:printedCount gp:printedPatents gp:printedPapers gp:printedContent
        gp:printedPositioning gp:printedPlan gp:printedCarrier gp:printedAuthority gp:printedPurpose
        gp:printedProgramme gp:printedProvince gp:printedPrefecture gp:printedCounty gp:printedApproved gp:printedEnded
        gp:printedStatus gp:printedSupervisor gp:printedField gp:printedDocument gp:printedOther gp:reason
        gp:takenValue gp:disregardedValue gp:officialTotal gp:officialTotalText gp:takenCount gp:mergedCount
        gp:leftOutCount gp:score gp:surprise gp:seriousness gp:likeness gp:fieldAgreement gp:certaintyFactor
        gp:coreLikeness gp:coreRawLikeness gp:placeLikeness gp:programmeLikeness gp:carrierLikeness gp:dateLikeness
        gp:fieldLikeness gp:decidingNumber
        gp:observed gp:expected gp:lift gp:probability gp:correctedProbability gp:unitCount gp:oneUnitCount
        gp:otherUnitCount gp:areaCount gp:pairCount gp:programmeCount gp:strandCount gp:apartCount gp:restsOnInferred
        gp:printedBasic gp:printedApplied gp:printedDevelopment gp:printedCell gp:observationOf gp:observedArea
        gp:observedMeasure gp:printed gp:value gp:hasUnit gp:approximate gp:hasVerdict gp:requiresListOf
    """,
    "tied": """
        gp:underProgramme gp:borneBy gp:locatedIn gp:hasPlaceBasis gp:approvedBy gp:supervisedBy gp:hasField
        gp:hasTopic gp:liesOn gp:containsDesignation gp:succeeds gp:hasStage gp:relatesDesignation
        gp:relatesToDesignation
        gp:hasOwnDesignation gp:hasParentCarrier gp:listsProgramme gp:liesTodayIn gp:readingOf gp:hasState gp:hasMember
        gp:meetsAt gp:meetsOn gp:sharesPurpose gp:sharesTopic
        gp:sharesPosition gp:comparesThing gp:replacedBy gp:deciderName
        gp:involvesMinistry gp:involvesProgramme gp:measuresProgramme
        gp:concernsMinistry gp:concernsProgramme gp:concernsRegion gp:concernsStrategy gp:countsIn gp:setsAside
        gp:subtractsDesignation gp:subtractsFromDesignation gp:relationStatedFor gp:hasParentProgramme
        gp:hasPurposeText gp:hasPurposeAssignment
        gp:relationSubject gp:relationKind gp:relationObject gp:mandateOf gp:mandateRole
        gp:mandateFor gp:mandateStatus gp:statementStatus gp:affiliationOf gp:affiliationWith
        org:originalOrganization org:resultingOrganization gp:directlyWithin gp:inRegion
        gp:partlyInRegion gp:seatedIn gp:coversArea skos:exactMatch skos:closeMatch geo:hasGeometry geo:asWKT
    """,
    "dated": """
        gp:approvedText gp:endedText gp:validFromText gp:validToText gp:publishedText gp:referencePeriodText
        gp:decidedText gp:withdrawnText gp:usedFromText gp:usedToText gp:editionText gp:officialTotalDateText gp:asOf
    """,
    "grounds": """
        gp:legalBasis gp:basis gp:documentTitle gp:documentNumber gp:issuerText prov:wasQuotedFrom
        gp:sectionNumber gp:claimedIn gp:inTable
        gp:inDocument gp:hasReliability dcterms:rights rdfs:seeAlso gp:fromRow dcterms:source
        prov:wasDerivedFrom gp:disregardsRecord gp:derivedCell gp:compiledCell gp:matchedWord gp:evidenceHash
        qb:dataSet qb:structure qb:component qb:dimension qb:measure qb:attribute
    """,
    "derived": """
        gp:servesPurpose gp:within gp:servesGroup gp:mainlyServesGroup gp:countedFrom gp:dayInForce
        gp:touchesCounty gp:coversPrefecture gp:liesSomewhereIn gp:countsInCounty gp:countsInPrefecture
        gp:dependsOn gp:preparesFor gp:relatedByDesignTo gp:includesField gp:includesTopic gp:stateOf
        gp:hasMinistry gp:hasInferredMinistry gp:precedence
    """,
}
"""Groups of statements on a page and the properties in each, in order; what stands in none comes last."""

DATES = {
    "gp:approvedText": ("gp:approvedFrom", "gp:approvedTo"),
    "gp:endedText": ("gp:endedFrom", "gp:endedTo"),
    "gp:publishedText": ("gp:publishedFrom", "gp:publishedTo"),
    "gp:referencePeriodText": ("gp:referenceFrom", "gp:referenceTo"),
    "gp:validFromText": ("gp:validFrom", ""),
    "gp:validToText": ("", "gp:validTo"),
    "gp:editionText": ("gp:editionFrom", "gp:editionTo"),
    "gp:officialTotalDateText": ("gp:officialTotalDateFrom", "gp:officialTotalDateTo"),
    "gp:decidedText": ("gp:decidedFrom", "gp:decidedTo"),
    "gp:withdrawnText": ("gp:withdrawnFrom", "gp:withdrawnTo"),
    "gp:usedFromText": ("gp:usedFrom", ""),
    "gp:usedToText": ("", "gp:usedTo"),
}
"""A date as printed to the properties of the first and the last day that it can mean."""

DERIVED_COLUMNS = {
    "name_zh": "skos:prefLabel",
    "place_ids": "gp:locatedIn gp:describes",
    "carrier_ids": "gp:borneBy gp:describes",
    "authority_ids": "gp:approvedBy",
    "programme_id": "gp:underProgramme",
    "supervisor_ids": "gp:supervisedBy",
    "field_ids": "gp:hasField",
    "extent": "gp:hasExtent",
    "standing": "gp:hasStanding",
    "document": "gp:documentNumber",
    "approved": "gp:approvedText",
    "approved_date": "gp:approvedText",
    "ended_date": "gp:endedText",
    **dict.fromkeys(("programme_ids", "region_ids", "cluster_id", "indicator_id", "sector_id"), "gp:describes"),
}
"""Column that the project filled in itself to the statements that come of it."""


def _iri(name: str) -> str:
    return expanded(name) or name


NAME = _iri("skos:prefLabel")
DAYS = {_iri(text): tuple(_iri(day) if day else "" for day in days) for text, days in DATES.items()}
"""The same as DATES, by IRI."""
POSITIONS = {
    _iri(name): (group, title, place)
    for group, (title, names) in enumerate(GROUPS.items())
    for place, name in enumerate(names.split())
}
"""Property to where it stands: number and name of its group, and its place there."""
LAST_POSITION = (len(GROUPS), "other", 0)
GENERIC_CLASSES = (PREFIXES["skos"] + "Concept", PREFIXES["qb"] + "DataSet")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one property says: its IRI, its values, whether we derived them, first and last day of a date."""

    property: str
    values: tuple[Term, ...]
    derived: bool = False
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """The things that point here by one property: how many, those on this page, number of the page and of pages."""

    property: str
    count: int
    things: tuple[str, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing: IRI, classes, statements by property in the order of a page, what we derived, what points here.

    derived holds properties; incoming is counted by property.
    """

    iri: str
    classes: tuple[str, ...]
    statements: Mapping[str, Statement]
    derived: frozenset[str]
    incoming: tuple[Incoming, ...]

    @property
    def shown_classes(self) -> tuple[str, ...]:
        """The classes that tell a reader something: a concept of ours is always more than a concept."""
        return tuple(iri for iri in self.classes if iri not in GENERIC_CLASSES) or self.classes

    @property
    def name_derived(self) -> bool:
        """Whether the Chinese name was made up by this project."""
        return NAME in self.derived

    def values(self, name: str) -> tuple[Term, ...]:
        """Return the values of a property by its prefixed name."""
        statement = self.statements.get(expanded(name) or "")
        return statement.values if statement else ()

    @property
    def groups(self) -> list[tuple[str, list[Statement]]]:
        """The names of the groups in their order, each with its statements."""
        found = groupby(
            self.statements.values(), key=lambda statement: POSITIONS.get(statement.property, LAST_POSITION)[1]
        )
        return [(name, list(statements)) for name, statements in found]

    def has(self, *names: str) -> bool:
        """Return whether any of some properties, by their prefixed names, is said of it."""
        return any(map(self.values, names))

    def has_incoming(self, *names: str) -> bool:
        """Return whether anything points here by any of some properties, by their prefixed names."""
        requested = {expanded(name) for name in names}
        return any(found.property in requested for found in self.incoming)


def read(graph: Graph, iri: str, requested: str = "", page: int = 1, *, incoming_links: bool = True) -> Thing | None:
    """Return a thing, None where the graph says nothing of this IRI.

    Args:
        graph: is asked.
        iri: of the thing.
        asked: IRI of a property of which a page of incoming links is read; empty for the first few of each.
        page: which page of them, from 1.
        pointing: whether what points to the thing is read too.
    """
    statements: dict[str, list[Term]] = defaultdict(list)
    for name, term in graph.tuples("graph/thing", thing=NamedNode(iri)):
        statements[name.value].append(term)
    if not statements:
        return None
    columns = [str(term.value) for term in statements.get(_iri("gp:derivedCell"), [])]
    derived = frozenset(_iri(name) for column in columns for name in DERIVED_COLUMNS.get(column, "").split())
    classes = tuple(str(term.value) for term in statements.get(_iri("rdf:type"), []))
    incoming = (
        ()
        if not incoming_links
        else _incoming_page(graph, iri, requested, page)
        if requested
        else _incoming(graph, iri)
    )
    return Thing(iri, classes, _statements(graph, statements, derived), derived, tuple(incoming))


def _incoming(graph: Graph, iri: str) -> list[Incoming]:
    """Return what points to a thing, counted by property, with the first few of each."""
    thing, preview = NamedNode(iri), defaultdict[str, list[str]](list)
    links = graph.tuples("graph/incoming_few", thing=thing)
    for property_name, other in links:
        preview[property_name.value].append(other.value)
    if len(links) <= MAX_INCOMING_READ:
        counts = sorted(((name, len(others)) for name, others in preview.items()), key=lambda each: (-each[1], each[0]))
    else:
        counts = _counts(graph, thing)
        for name, _ in counts:
            others = graph.rows("graph/incoming_first", thing=thing, property=NamedNode(name))
            preview[name] = [value(row, "other") for row in others]
    return [Incoming(name, count, tuple(sorted(preview[name])[:INCOMING_PREVIEW]), 1, 1) for name, count in counts]


def _incoming_page(graph: Graph, iri: str, requested: str, page: int) -> Iterable[Incoming]:
    """Yield what points to a thing, counted by property, with one page of the property that is asked for."""
    thing, start = NamedNode(iri), (page - 1) * INCOMING_PAGE_SIZE
    for name, count in _counts(graph, thing):
        if name == requested:
            others = graph.rows("graph/incoming", thing=thing, property=NamedNode(name))
            shown = sorted(value(row, "other") for row in others)[start : start + INCOMING_PAGE_SIZE]
            yield Incoming(name, count, tuple(shown), page, -(-count // INCOMING_PAGE_SIZE))
        else:
            yield Incoming(name, count, (), 1, 1)


def _counts(graph: Graph, thing: NamedNode) -> list[tuple[str, int]]:
    return [
        (value(row, "property"), int(value(row, "count"))) for row in graph.rows("graph/incoming_counts", thing=thing)
    ]


def messages(graph: Graph, thing: Thing) -> list[Row]:
    """Return what the validation said of a thing, each with severity, message by language and shape."""
    return graph.rows("resource/messages", thing=NamedNode(thing.iri)) if thing.has_incoming("sh:focusNode") else []


def documents(graph: Graph, thing: Thing) -> list[tuple[str, str]]:
    """Return the documents behind a thing, each with its address on the web, empty where none is known."""
    sources = sorted(str(term.value) for term in thing.values("dcterms:source"))
    return [(source, address) for source in sources for address in _addresses(graph, source) or [""]]


def _addresses(graph: Graph, source: str) -> list[str]:
    def read() -> list[str]:
        return [address.value for (address,) in graph.tuples("graph/source_addresses", source=NamedNode(source))]

    return graph.cached(("addresses", source), read)


def _statements(graph: Graph, statements: Mapping[str, list[Term]], derived: frozenset[str]) -> dict[str, Statement]:
    """Return what is said by property, in the order of a page; the days of a date stand with the date."""
    days = {day for iri in statements for day in DAYS.get(iri, ())}
    places = sorted((POSITIONS.get(iri, LAST_POSITION), iri) for iri in statements if iri not in days and iri != NAME)
    return {iri: _statement(graph, statements, iri, derived) for _, iri in places}


def _statement(graph: Graph, statements: Mapping[str, list[Term]], iri: str, derived: frozenset[str]) -> Statement:
    values = tuple(statements[iri]) if len(statements[iri]) == 1 else _sorted(graph, statements[iri])
    if iri not in DAYS:
        return Statement(iri, values, iri in derived)
    first, last = (str(statements[day][0].value) if day in statements else "" for day in DAYS[iri])
    return Statement(iri, values, iri in derived, first, last)


def _sorted(graph: Graph, terms: Iterable[Term]) -> tuple[Term, ...]:
    def order(term: Term) -> tuple[bool, str, str]:
        if isinstance(term, Literal):
            return False, term.language or "", term.value
        return True, graph.label(str(term.value), "en").text, str(term.value)

    return tuple(sorted(terms, key=order))
