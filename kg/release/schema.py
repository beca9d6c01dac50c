"""Columnar tables of a release: names, columns and types."""

from collections.abc import Mapping

_DAYS = {"valid_from": "DATE", "valid_to": "DATE"}
_HELD = {"completeness": "VARCHAR", "held": "INTEGER", "official_total": "INTEGER"}
"""Completeness of a list or programme (`kg.tables.completeness`); of a programme by the list named beside it."""


def _text(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")


SCHEMA: Mapping[str, Mapping[str, str]] = {
    "designations": {
        **_text("designation", "programme", "category", "policy_area", "bearer", "name_zh", "name_en", "extent"),
        **dict.fromkeys(("approved_first", "approved_last", "ended_first", "ended_last", "counted_from"), "DATE"),
        "dated": "BOOLEAN",
        **_text("standing", "place_basis", "best_grade", "worst_grade"),
        "sourced": "BOOLEAN",
        "records": "INTEGER",
    },
    "designation_places": _text("designation", "place"),
    "designation_carriers": _text("designation", "carrier"),
    "designation_fields": _text("designation", "field"),
    "designation_relations": _text("subject", "object", "relation", "status"),
    "designation_stages": {**_text("designation", "stage"), "first": "DATE", "last": "DATE"},
    "designation_records": _text("designation", "record", "list"),
    "designation_documents": _text("designation", "document"),
    "designation_sources": _text("designation", "source"),
    "sources": _text("source", "title", "address", "reliability", "grade"),
    "places": _text("place", "name_zh", "name_en", "level", "county", "prefecture", "province"),
    "carriers": _text("carrier", "name_zh", "name_en", "kind", "place", "designation"),
    "fields": _text("field", "broader", "label_zh", "label_en"),
    "programmes": {
        **_text("programme", "name_zh", "name_en", "category", "policy_area", "bearer", "usual_extent", "parent"),
        **(_DAYS | _HELD | _text("list")),
    },
    "programme_purposes": {**_text("programme", "purpose", "purpose_group", "weight"), "generic": "BOOLEAN"},
    "programme_relations": _text("subject", "object", "relation", "status"),
    "mandates": {**_text("mandate", "programme", "authority", "role"), **_DAYS, "status": "VARCHAR"},
    "authorities": {
        **(_text("authority", "name_zh", "name_en", "short_zh", "kind") | _DAYS | _text("successor")),
    },
    "affiliations": {**_text("authority", "parent"), **_DAYS},
    "reforms": {"reform": "VARCHAR", "day": "DATE", **_text("name_zh", "name_en")},
    "lists": {
        **_text("list", "title_zh", "title_en"),
        **_HELD,
        "edition": "VARCHAR",
        **dict.fromkeys(("rows", "taken", "merged", "left_out"), "INTEGER"),
    },
    "list_programmes": _text("list", "programme"),
    "purposes": {**_text("purpose", "purpose_group", "label_zh", "label_en"), "generic": "BOOLEAN"},
    "extents": {**_text("extent", "entire"), **dict.fromkeys(("one_county", "small", "counted"), "BOOLEAN")},
    "regions": {**_text("region", "name_zh", "name_en", "kind"), "place_in_table": "INTEGER"},
    "region_places": _text("region", "place", "scope"),
    "weights": {"weight": "VARCHAR", "value": "DOUBLE"},
    "eligible_units": _text("programme", "ranks"),
    "designation_field_texts": _text("designation", "text"),
    "place_names": {**_text("place", "name"), "former": "BOOLEAN"},
    "stopwords": _text("word", "kind"),
    "topic_sources": {**_text("programme", "reads"), "keeps_places": "BOOLEAN"},
    "look_alikes": _text("one", "other"),
    "duplicate_weights": {"weight": "VARCHAR", "value": "DOUBLE"},
    "name_variants": _text("word", "form"),
    "name_words": _text("word", "kind"),
    "pinyin_words": _text("word"),
    "programme_names": _text("programme", "name"),
    "decisions": {
        **_text("decision", "finding", "one", "other", "verdict", "reason", "decided_by"),
        "decided_on": "DATE",
        **_text("evidence_hash", "members", "ministries"),
        "looked_at": "DATE",
    },
    "place_ranks": _text("place", "rank"),
    "populations": {"place": "VARCHAR", "year": "INTEGER", "persons": "BIGINT"},
    "positions": {**_text("position", "label_zh", "label_en"), "national_design": "BOOLEAN"},
    "positionings": _text("positioning", "position", "quote", "plan", "kind", "area"),
    "strategies": _text("strategy", "name_zh", "name_en"),
    "strategy_areas": _text("strategy", "kind", "area"),
    "claims": {
        **_text("claim", "source", "section", "quote", "statement_zh", "statement_en", "numbers", "programmes"),
        "required": "DOUBLE",
    },
    "claim_tests": {
        **_text("test", "claim", "measure", "programmes", "regions", "places", "parameters"),
        "as_of": "DATE",
        "comparison": "VARCHAR",
        **dict.fromkeys(("claimed", "tolerance"), "DOUBLE"),
        **_text("reason_zh", "reason_en"),
    },
    "figures": {"figure": "VARCHAR", "value": "DOUBLE"},
    "names": {**_text("kind", "key", "name", "language", "standing", "level"), "first": "DATE", "last": "DATE"},
}
"""Table to its columns with their types. Missing texts are empty, unknown dates and numbers NULL.

The kind of an area of a positioning or strategy is place or region. Semicolons separate the entries of lists in claims
and their tests, as in the tables of data/."""
