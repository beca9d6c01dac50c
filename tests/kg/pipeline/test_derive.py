"""Derived facts: the store holds what the rules construct, in agreement with columns and analyses."""

from collections.abc import Iterable
from pathlib import Path

import owlrl
import pytest
from rdflib import RDF, Graph, URIRef

from kg import tables
from kg.analysis.findings.by_design import DEPENDENT
from kg.analysis.findings.topics import MIN_TOPIC_CHARS
from kg.analysis.findings.unit_coverage import create_tables
from kg.analysis.in_force import IN_FORCE, not_known, standing_days
from kg.analysis.ministries import ministries
from kg.errors import QueryError, StoreError
from kg.pipeline.derive import NAME, derive, derived_lines
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, GraphFile, derived, load_store, questions
from kg.vocab import BASE, PREFIXES, graph

OWN = "CONSTRUCT { ?a <http://e/q> ?b } WHERE { ?a <http://e/p> ?b }"
ROOT = Path(__file__).parents[3]
GP, ID, SCHEME = PREFIXES["gp"], PREFIXES["id"], f"{BASE}scheme/"
NEXT = "CONSTRUCT { ?b <http://e/r> ?a } WHERE { ?a <http://e/q> ?b }"


def asked(store: EmbeddedStore, pattern: str, *variables: str) -> set[tuple[str, ...]]:
    """Return the bindings of a pattern, resources by key."""
    names = " ".join(f"?{name}" for name in variables)
    rows = questions.as_cells(questions.rows(store, f"SELECT DISTINCT {names} WHERE {{ {pattern} }}"))
    return {tuple(cell.removeprefix("id:").partition("/")[2] or cell for cell in row) for row in rows}


def told(rows: Iterable[tuple[object, ...]]) -> set[tuple[str, ...]]:
    return {tuple(str(cell) for cell in row) for row in rows}


@pytest.mark.slow
def test_the_graph_is_what_the_rules_construct(release: Release, store: EmbeddedStore) -> None:
    """Run again on the complete release, the rules add nothing: their order is complete."""
    rules = questions.questions(release.rules)
    assert [rule.number for rule in rules] == list(range(1, len(rules) + 1))
    constructed = []
    for rule in rules:
        found = {f"{triple} ." for triple in store.construct(questions.with_prefixes(rule.query), {})}
        assert found, rule.key
        constructed += found
    lines = (release.graphs / f"{NAME}.nt").read_text("utf-8").splitlines()
    assert "".join(derived_lines(store, release.rules)).splitlines() == lines
    assert sorted(constructed) == sorted(lines)
    assert len(lines) == release.manifest["counts"]["triples"][NAME]
    rows = store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph(NAME)}> {{ ?s ?p ?o }} }}", {}).rows
    assert len(rows) == len(lines)


def test_every_derived_term_says_so(store: EmbeddedStore) -> None:
    """The definition of a term that occurs only in this graph says that a rule derives it."""
    rows = questions.rows(store, f"SELECT DISTINCT ?p WHERE {{ GRAPH <{graph(NAME)}> {{ ?s ?p ?o }} }}").rows
    terms = {str(term.value) for (term,) in rows if term is not None}
    ours = {term for term in terms if term.startswith(PREFIXES["gp"])} - {
        PREFIXES["gp"] + name for name in ("asOf", "hasMark")
    }
    assert len(ours) > 10
    for term in ours:
        words = asked(store, f"<{term}> skos:definition ?words", "words")
        assert [text for (text,) in words if text.endswith(("derived by a rule.", "依规则推出。"))], term
        assert all(text.endswith(("derived by a rule.", "依规则推出。")) for (text,) in words), term


def test_who_answers_for_a_programme(release: Release, columns: Columns, store: EmbeddedStore) -> None:
    """Ministries, inferred ones, their mandates and lapsed ones agree with the analysis."""
    days = standing_days(columns, release.data_as_of)
    assert asked(store, "?dataset gp:standingDay ?day", "day") == {(str(day),) for day in days}
    for day in days:
        answers = ministries(columns, day)
        state = f'?state a gp:ProgrammeState ; gp:stateOf ?of ; gp:asOf "{day}"^^xsd:date'
        assert asked(store, f"{state} ; gp:hasMinistry ?ministry", "of", "ministry") == {
            (programme, ministry) for programme, answer in answers.items() for ministry in answer.ministries
        }
        assert asked(store, f"{state} ; gp:hasInferredMinistry ?ministry", "of", "ministry") == {
            (programme, ministry) for programme, answer in answers.items() for ministry in answer.inferred
        }
        assert asked(store, f"{state} ; prov:wasDerivedFrom ?mandate", "of", "mandate") == {
            (programme, mandate) for programme, answer in answers.items() for mandate in answer.mandates
        }
        assert asked(store, f"{state} ; gp:hasMark ?mark", "of") == {
            (programme,) for programme, answer in answers.items() if answer.lapsed
        }
        keys = asked(store, state, "of", "state")
        assert keys == {(programme, f"programme/{programme}/{day}") for programme in answers}


def test_purpose_groups(columns: Columns, store: EmbeddedStore) -> None:
    known = "SELECT DISTINCT programme, purpose_group FROM programme_purposes WHERE NOT generic"
    for term, wanted in (("servesGroup", ""), ("mainlyServesGroup", " AND weight = 'main'")):
        found = asked(store, f"?programme gp:{term} ?group", "programme", "group")
        assert {(one, other.rpartition("/")[2]) for one, other in found} == told(columns.query(known + wanted))


def test_what_depends_by_design(columns: Columns, store: EmbeddedStore) -> None:
    relations = columns.query(
        """SELECT subject, object, relation FROM programme_relations WHERE status IN ('asserted', 'inferred')
        UNION ALL SELECT subject, object, relation FROM designation_relations WHERE status IN ('asserted', 'inferred')
        UNION ALL SELECT parent, programme, 'parent' FROM programmes WHERE parent <> ''"""
    )
    depending, preparing = set(), set()
    for subject, object_, relation in relations:
        if relation == "complements":
            continue
        second = DEPENDENT.get(relation, "object") == "subject"
        pair = (subject, object_) if second else (object_, subject)
        (preparing if relation == "stage-of" else depending).add(pair)
    assert asked(store, "?one gp:dependsOn ?other", "one", "other") == depending
    assert asked(store, "?one gp:preparesFor ?other", "one", "other") == preparing
    both = depending | preparing
    assert asked(store, "?one gp:relatedByDesignTo ?other", "one", "other") == both | {(b, a) for a, b in both}


def test_counties_and_prefectures(columns: Columns, store: EmbeddedStore) -> None:
    for term, column in (("countsInCounty", "county"), ("countsInPrefecture", "prefecture")):
        known = columns.query(f"SELECT place, {column} FROM places WHERE {column} <> ''")  # noqa: S608 — our own names
        assert len(known) > 2000
        assert asked(store, f"?place gp:{term} ?unit", "place", "unit") == told(known)


def test_from_when_designations_count_and_when_they_are_in_force(
    release: Release, columns: Columns, store: EmbeddedStore
) -> None:
    known = columns.query("SELECT designation, counted_from FROM designations WHERE counted_from IS NOT NULL")
    assert asked(store, "?designation gp:countedFrom ?day", "designation", "day") == told(known)
    for day in standing_days(columns, release.data_as_of):
        held = columns.query(f"SELECT designation FROM designations WHERE {IN_FORCE}", {"as_of": day})  # noqa: S608 — our own
        assert asked(store, f'?designation gp:dayInForce "{day}"^^xsd:date', "designation") == told(held) != set()
        unknown = [(designation,) for designation in not_known(columns, day)]
        assert asked(store, f'?designation gp:dayNotKnown "{day}"^^xsd:date', "designation") == told(unknown) != set()


def test_where_designations_lie(columns: Columns, store: EmbeddedStore) -> None:
    create_tables(columns)
    for term, hold in (("touchesCounty", "in"), ("coversPrefecture", "whole"), ("liesSomewhereIn", "somewhere")):
        known = columns.query("SELECT DISTINCT designation, unit FROM unit_coverage WHERE hold = $hold", {"hold": hold})
        assert asked(store, f"?designation gp:{term} ?place", "designation", "place") == told(known) != set()


def test_fields_within_fields(columns: Columns, store: EmbeddedStore) -> None:
    known = columns.query("SELECT field, field FROM fields UNION SELECT broader, field FROM fields WHERE broader <> ''")
    found = asked(store, "?one gp:includesField ?other", "one", "other")
    assert {(one.rpartition("/")[2], other.rpartition("/")[2]) for one, other in found} == told(known)


def test_topics_within_topics(store: EmbeddedStore) -> None:
    topics = {name for (name,) in asked(store, "?topic a gp:Topic ; skos:prefLabel ?name", "name")}
    assert min(map(len, topics)) >= MIN_TOPIC_CHARS
    known = {
        (topic, part)
        for topic in topics
        for length in range(1, 13)
        for part in (topic[:length], topic[-length:])
        if part in topics
    }
    names = "?a gp:includesTopic ?b . ?a skos:prefLabel ?topic . ?b skos:prefLabel ?part"
    assert asked(store, names, "topic", "part") == known


def chain(place: str, above: dict[str, str]) -> list[str]:
    """Return the places above a place, the next one first."""
    higher = above.get(place)
    return [higher, *chain(higher, above)] if higher else []


def test_what_a_place_lies_within(store: EmbeddedStore) -> None:
    places = tables.open_package(ROOT / "data").rows("places")
    above = {row["id"]: row["parent_id"] for row in places if row["parent_id"]}
    found = asked(store, "?place gp:within ?higher", "place", "higher")
    assert found == {(place, higher) for place in above for higher in chain(place, above)} != set()


def test_which_purposes_are_served(columns: Columns, store: EmbeddedStore) -> None:
    known = columns.query("SELECT programme, purpose FROM programme_purposes")
    found = asked(store, "?programme a gp:Programme ; gp:servesPurpose ?purpose", "programme", "purpose")
    assert {(one, other.rpartition("/")[2]) for one, other in found} == told(known) != set()
    programmes: dict[str, set[str]] = {}
    for programme, purpose in known:
        programmes.setdefault(programme, set()).add(purpose)
    own = asked(store, "?one a gp:Designation ; gp:hasPurposeAssignment/gp:assignsPurpose ?purpose", "one", "purpose")
    designations = columns.query("SELECT designation, programme FROM designations")
    both = {(one, purpose) for one, programme in designations for purpose in programmes.get(programme, ())}
    found = asked(store, "?one a gp:Designation ; gp:servesPurpose ?purpose", "one", "purpose")
    assert {(one, other.rpartition("/")[2]) for one, other in found} == both | {
        (one, other.rpartition("/")[2]) for one, other in own
    }


SMALL_WORLD = f"""
@prefix gp: <{GP}> .
@prefix place: <{ID}place/> .
@prefix programme: <{ID}programme/> .
@prefix designation: <{ID}designation/> .
@prefix assignment: <{ID}assignment/> .
@prefix purpose: <{SCHEME}purpose/> .
place:320583 a gp:Place ; gp:directlyWithin place:320500 .
place:320500 a gp:Place ; gp:directlyWithin place:320000 .
place:320900 a gp:Place ; gp:directlyWithin place:320000 .
place:320000 a gp:Place ; gp:directlyWithin place:100000 .
place:100000 a gp:Place .
programme:zone a gp:Programme ; gp:hasCategory <{SCHEME}category/park> ;
    gp:hasPurposeAssignment assignment:one , assignment:two .
programme:pilot a gp:Programme ; gp:hasCategory <{SCHEME}category/pilot> .
assignment:one a gp:PurposeAssignment ; gp:assignsPurpose purpose:transfer .
assignment:two a gp:PurposeAssignment ; gp:assignsPurpose purpose:industry .
assignment:own a gp:PurposeAssignment ; gp:assignsPurpose purpose:talent .
designation:kunshan a gp:Designation ; gp:underProgramme programme:zone ; gp:locatedIn place:320583 .
designation:suzhou a gp:Designation ; gp:underProgramme programme:pilot ; gp:hasPurposeAssignment assignment:own .
designation:yancheng a gp:Designation ; gp:underProgramme programme:zone ; gp:hasPurposeAssignment assignment:own .
"""


@pytest.mark.slow
def test_the_rules_say_what_follows_by_owl_2_rl(tmp_path: Path) -> None:
    """owlrl, complete and slow, is run on a small world: transitivity, chains, definitions of the kinds."""
    closure = Graph().parse(ROOT / "ontology" / "guapai.ttl").parse(data=SMALL_WORLD, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    world = Graph().parse(data=SMALL_WORLD, format="turtle")
    (tmp_path / "small.nt").write_text(world.serialize(format="nt"), encoding="utf-8")
    files = [GraphFile(tmp_path / "small.nt", "http://e/small", in_default=True)]
    load_store(tmp_path / "store", files)
    derive(files, ROOT / "ontology" / "rules", tmp_path, lambda _: None)
    derived = set(Graph().parse(tmp_path / f"{NAME}.nt"))
    for name, number in (("within", 8), ("servesPurpose", 8)):
        term = URIRef(GP + name)
        expected = {(s, p, o) for s, p, o in closure.triples((None, term, None)) if (s, None, None) in world}
        assert {triple for triple in derived if triple[1] == term} == expected
        assert len(expected) == number
    kinds = {URIRef(GP + name) for name in ("Center", "Base", "Park", "Platform", "Cluster", "Pilot")}
    store = EmbeddedStore(tmp_path / "store")
    rule = questions.with_prefixes((ROOT / "ontology" / "kinds.rq").read_text("utf-8"))
    assert {str(triple) for triple in store.construct(rule, {})} == {
        f"{s.n3()} {RDF.type.n3()} {o.n3()}" for s, o in closure.subject_objects(RDF.type) if o in kinds
    }


def test_a_rule_sees_what_the_former_ones_added(tmp_path: Path) -> None:
    (tmp_path / "one.nt").write_text(
        "<http://e/a> <http://e/p> <http://e/b> .\n<http://e/c> <http://e/s> <http://e/b> .\n", encoding="utf-8"
    )
    files = [GraphFile(tmp_path / "one.nt", "http://e/one", in_default=True)]
    added = [sorted(map(str, triples)) for triples in derived(files, [OWN, NEXT])]
    assert added == [["<http://e/a> <http://e/q> <http://e/b>"], ["<http://e/b> <http://e/r> <http://e/a>"]]
    everything = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    read = [sorted(map(str, triples)) for triples in derived(files, [everything], frozenset(["<http://e/p>"]))]
    assert read == [["<http://e/a> <http://e/p> <http://e/b>"]]
    with pytest.raises(QueryError, match="a rule is a CONSTRUCT query, unlike 'ASK"):
        list(derived(files, ["ASK {}"]))
    with pytest.raises(StoreError, match=r"none\.nt cannot be loaded"):
        list(derived([GraphFile(tmp_path / "none.nt", "http://e/none", in_default=True)], [OWN]))
