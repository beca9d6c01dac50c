"""Well-formed XML from the engine, whose writers let through what XML 1.0 cannot hold."""

import io
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from kg.errors import NotWritable

FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters outside the production Char of XML 1.0 (section 2.2) in UTF-8; surrogates cannot occur in it."""
CACHED_PREDICATES = 10_000
_SUBJECT = NamedNode("urn:s")


class XmlText(io.RawIOBase):
    """Target that passes XML on and keeps it well-formed.

    A carriage return becomes a character reference: every reader would make a line feed of a bare one (XML 1.0,
    section 2.11).
    """

    def __init__(self, target: IO[bytes], others: str) -> None:
        """Start with nothing written; `others` names the formats that can hold what XML cannot."""
        self._target, self._others, self._tail = target, others, b""

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - as the class above
        """Write bytes.

        Raises:
            NotWritable: XML 1.0 does not allow a character.
        """
        seen = self._tail + bytes(data)
        if found := FORBIDDEN.search(seen):
            raise NotWritable(
                f"The answer has the character U+{ord(found[0].decode()):04X}, which XML cannot hold. "
                f"It can be had as {self._others}."
            )
        self._tail = seen[-2:]
        self._target.write(bytes(data).replace(b"\r", b"&#13;"))
        return len(data)


def with_xml_names(triples: Iterable[Triple], others: str) -> Iterator[Triple]:
    """Yield triples whose predicates RDF/XML can write as names of elements.

    Raises:
        NotWritable: the IRI of a predicate does not end with an XML name; `others` names formats that can hold it.
    """
    for triple in triples:
        if not _is_writable(triple.predicate):
            raise NotWritable(
                f"RDF/XML cannot hold the property {triple.predicate}, because its IRI does not end with an XML name. "
                f"The answer can be had as {others}."
            )
        yield triple


@lru_cache(CACHED_PREDICATES)
def _is_writable(predicate: NamedNode) -> bool:
    """Return whether the engine writes a predicate in a way that an XML parser reads."""
    written = pyoxigraph.serialize([Triple(_SUBJECT, predicate, _SUBJECT)], format=RdfFormat.RDF_XML)
    try:
        ParserCreate(namespace_separator=" ").Parse(written or b"", True)  # noqa: FBT003 - positional in the library
    except ExpatError:
        return False
    return True
