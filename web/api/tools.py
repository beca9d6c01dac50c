"""Tools for assistants: each answers as a JSON address of the site does, with completeness and citation."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from kg.errors import GuapaiError
from kg.vocab import BASE, SCHEMES, THINGS
from web.graph.citation import permanent
from web.graph.iris import address, key_of
from web.graph.labels import cited, name
from web.html.finding_words import statement
from web.http.language import gettext, language
from web.lists import lookup, totals
from web.lists.definitions import Definition, Row
from web.lists.designations import DESIGNATIONS
from web.lists.export import Sheet
from web.lists.finding_sheet import FindingSheet
from web.lists.findings import FINDINGS
from web.lists.query import read
from web.lists.registers import LISTS

Language = Literal["zh", "en"]
Answer = Mapping[str, Any]
MAX_LISTS = 20
"""Lists whose completeness is told one by one; of more only the numbers by completeness."""
RESULTS = "application/sparql-results+json, application/ld+json;q=0.9"
"""Media types of the results of a query: of SELECT and ASK, and of CONSTRUCT and DESCRIBE."""
KINDS = {"place": "place", "programme": "programme", "ministry": "authority", "carrier": "carrier", "field": "field"}
"""Filters that may be given by name, to the kind of thing they name."""
GROUPS = ("group", "purpose")
"""Filters that name a group of purposes."""


class Refused(GuapaiError):
    """The site refused a request; the message says why, in the language of the caller."""

    code = "refused"


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools of one application. Each method raises Refused with a sentence for the caller.

    language: used where a call names none.
    """

    app: Flask
    language: Language = "zh"

    def ask(self, lang: str, **asked: str) -> Answer:
        """Answer as `/ask.json`."""
        found = self._get("/ask.json", lang, asked)
        return self._told(lang, found, "/ask", asked, {row["programme"] for row in found["coverage"] if row["purpose"]})

    def search(self, lang: str, text: str, kind: str, limit: int) -> Answer:
        """Answer as `/search.json`."""
        asked = {"q": text, "kind": kind, "limit": str(limit)}
        return self._told(lang, self._get("/search.json", lang, asked), "/search", asked)

    def thing(self, lang: str, iri: str) -> Answer:
        """Return a thing with its name and its statements as JSON-LD, as `/data/…` has them."""
        path = iri.removeprefix(THINGS).strip("/")
        found = self._get(f"/data/{path}.jsonld", lang, {})
        with self._request(lang):
            thing = {"iri": THINGS + path, "name": name(THINGS + path).text, "page": address(THINGS + path)}
        return self._told(lang, {**thing, "statements": found}, f"/page/{path}", {})

    def designations(self, lang: str, page: int, words: str, **filters: str) -> Answer:
        """Return a page of the list of designations."""
        return self._list(lang, DESIGNATIONS, page, {**filters, "q": words})

    def findings(self, lang: str, page: int, as_of: str, **filters: str) -> Answer:
        """Return a page of the list of findings."""
        return self._list(lang, FINDINGS, page, {**filters, "as_of": as_of})

    def coverage(self, lang: str, page: int, **filters: str) -> Answer:
        """Return a page of the lists, each with the designations it holds of the official total."""
        return self._list(lang, LISTS, page, filters)

    def finding(self, lang: str, key: str, as_of: str) -> Answer:
        """Return one finding with its sentences and its state on each day."""
        key = key.removeprefix(f"{THINGS}finding/")
        asked = {"as_of": as_of} if as_of else {}
        with self._request(lang, "/findings.json", asked):
            known = FINDINGS.asked().found
            if key not in known:
                raise Refused(gettext("There is no finding %(key)s on these days.", key=key))
            sheet = FindingSheet(known)
            (entry,) = sheet.entries([Row(key, f"{THINGS}finding/{key}", {})])
            found = {"days": sheet.head()["days"], **entry, "sentences": statement(known[key].known[-1])}
            programmes = known[key].programmes
        return self._told(lang, _plain(found), f"/page/finding/{key}", asked, programmes)

    def compare(self, lang: str, what: str, **asked: str) -> Answer:
        """Compare two places or programmes on a day."""
        return self._told(lang, self._get(f"/compare/{what}.json", lang, asked), f"/compare/{what}", asked)

    def sparql(self, lang: str, query: str) -> Answer:
        """Answer a SPARQL query as `/sparql` does: by its guard, in its sandbox, under its limits."""
        path = f"{self._prefix}/sparql"
        response = self.app.test_client().post(path, data={"query": query}, headers={"Accept": RESULTS})
        if response.status_code != 200:
            raise Refused(response.get_data(as_text=True).strip())
        return self._told(lang, json.loads(response.get_data()), "/sparql", {"query": query})

    @property
    def _prefix(self) -> str:
        return str(self.app.extensions["guapai"].prefix)

    def _get(self, path: str, lang: str, asked: Mapping[str, str]) -> dict[str, Any]:
        given = {**{name: text for name, text in asked.items() if text}, "lang": lang or self.language}
        response = self.app.test_client().get(self._prefix + path, query_string=given)
        content = json.loads(response.get_data()) if "json" in (response.mimetype or "") else {}
        if response.status_code != 200:
            raise Refused(content.get("detail") or response.get_data(as_text=True) or str(response.status_code))
        return dict(content)

    @contextmanager
    def _request(self, lang: str, path: str = "/", asked: Mapping[str, str] | None = None) -> Iterator[None]:
        """Enter a request of the site; what it refuses becomes Refused."""
        given = {**(asked or {}), "lang": lang or self.language}
        with self.app.test_request_context(self._prefix + path, query_string=given):
            try:
                yield
            except HTTPException as error:
                raise Refused(error.description or str(error)) from error

    def _list(self, lang: str, definition: Definition, page: int, asked: Mapping[str, str]) -> Answer:
        """Return a page of a list with the entries of its JSON, filters by key or by name."""
        with self._request(lang, f"/{definition.name}"):
            keys = {name: _key(name, text) for name, text in asked.items() if text}
        with self._request(lang, f"/{definition.name}.json", keys):
            query = read(definition, request.args)
            sheet = FindingSheet(query.source.found) if definition is FINDINGS else Sheet(definition)
            pages = max(-(-query.total // definition.length), 1)
            if not 1 <= page <= pages:
                raise Refused(gettext("Pages run from 1 to %(pages)s.", pages=pages))
            entries = sheet.entries(query.page(page))
            found = {
                "filters": {name: list(chosen) for name, chosen in query.chosen.items()},
                "unknown": list(query.unknown),
                "total": query.total,
                "page": page,
                "pages": pages,
                "entries": list(entries),
            }
            plain = _plain(found)
            programmes = set(query.chosen.get("programme", ())) or _programmes(plain["entries"])
        return self._told(lang, plain, f"/{definition.name}", keys, programmes)

    def _told(
        self, lang: str, answer: Mapping[str, Any], path: str, asked: Mapping[str, str], programmes: Iterable[str] = ()
    ) -> Answer:
        """Add to an answer how whole the lists are, how to cite it, and where the site shows it."""
        given = {name: text for name, text in asked.items() if text}
        with self._request(lang, path, given):
            release = self.app.extensions["guapai"].release
            here = request.full_path.removeprefix(self._prefix).rstrip("?").lstrip("/")
            return {
                "answer": dict(answer),
                "completeness": _completeness(sorted(programmes)),
                "citation": f"{cited()} {permanent(BASE + here)}",
                "address": BASE + here,
                "release": release.id,
                "data_as_of": release.data_as_of.isoformat(),
                "language": language(),
            }


def _key(filter_name: str, text: str) -> str:
    """Return the key that a key or name means as the value of a filter; others are keys already.

    Raises:
        Refused: it means nothing, or several things.
    """
    kind = "purpose" if filter_name in GROUPS else KINDS.get(filter_name)
    if kind is None:
        return text
    choice = lookup.read(kind, filter_name, text)
    if not choice.key:
        raise Refused(lookup.unclear(choice))
    return choice.key


def _programmes(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the keys of the programmes in the entries of a list, of designations or findings."""
    named = {key_of(each["iri"]) for entry in entries for each in entry.get("programme", ())}
    return named | {key for entry in entries for state in entry.get("states", ()) for key in state["programmes"]}


def _completeness(programmes: Iterable[str]) -> Mapping[str, Any]:
    """Return how whole the lists are of some programmes, or all lists: numbers, and each of a few lists."""
    named = {found.list: found for programme in programmes for found in totals.lists(programme=programme)}
    lists = list(named.values()) or totals.lists(everything=True)
    return {
        "note": gettext("What is not on a list that is not whole may exist all the same."),
        "numbers": dict(Counter(found.completeness for found in lists)),
        "lists": [
            {
                "list": found.list,
                "name": name(found.iri).text,
                "completeness": found.completeness,
                "completeness_name": name(f"{SCHEMES}completeness/{found.completeness}").text,
                "found": found.found,
                "official_total": found.official,
                "edition": found.edition,
            }
            for found in (lists if len(lists) <= MAX_LISTS else ())
        ],
    }


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content as JSON has it: days as texts, tuples as arrays."""
    return dict(json.loads(json.dumps(content, default=str)))
