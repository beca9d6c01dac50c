"""One-time conversion of the research packs to the registry and place tables of this folder, kept for reference.

    python data/from_pack.py <folder of the pack> [--add]

Facts and figures are converted; remarks and descriptions of the pack are not. Keys that the pack lacks (mandates,
affiliations, relations, assignments) were minted here once and belong to the tables since: the script refuses to
overwrite a table. With --add the rows of a further pack whose keys no table has are added to the registry. Later edited
by hand, in two languages: titles and issuers of sources, the bases of mandates and relations, the documents of purpose
texts. Tables that it does not write are maintained by hand: purposes, carriers, claims, strategies, designations and
all of papers/.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pack_places as territory
from pack_rows import Row, read, take

HERE = Path(__file__).parent


def main(pack: Path) -> None:
    """Write all tables of this script; raise FileExistsError before writing any if one exists."""
    tables: dict[str, Iterable[Row]] = {
        **registry(pack),
        "affiliations.csv": affiliations(pack),
        "places.csv": territory.places(pack),
        "former_places.csv": territory.former_places(pack),
        "regions.csv": territory.regions(pack),
        "region_members.csv": territory.region_members(pack),
        "populations.csv": territory.populations(pack),
    }
    if there := [name for name in tables if (HERE / name).exists()]:
        raise FileExistsError(f"already kept in {HERE}: {', '.join(there)}; delete a table to make it anew")
    for name, rows in tables.items():
        write(HERE / name, list(rows))


def add(pack: Path) -> None:
    """Add the rows of a further pack to the tables of the registry; those with keys in use stay as they are."""
    for name, rows in registry(pack).items():
        table = list(read(HERE / name))
        there, new = {row["id"] for row in table}, list(rows)
        columns = dict.fromkeys(table[0], "")
        write(HERE / name, [*table, *({**columns, **row} for row in new if row["id"] not in there)])
        print(f"{name}: in use already: {', '.join(row['id'] for row in new if row['id'] in there) or 'none'}")


def registry(pack: Path) -> dict[str, Iterator[Row]]:
    """Return the tables of documents, bodies, programmes, their purposes and mandates."""
    return {
        "sources.csv": sources(pack),
        "authorities.csv": authorities(pack),
        "programmes.csv": programmes(pack),
        "purpose_texts.csv": purpose_texts(pack),
        "purpose_assignments.csv": assignments(pack),
        "mandates.csv": mandates(pack),
        "programme_relations.csv": relations(pack),
    }


def sources(pack: Path) -> Iterator[Row]:
    """Yield documents, without the column of remarks. The first is this folder, the source of what only it states."""
    own = {"id": "guapai", **titled("Guapai: the project's own tables (data/)"), "address": "", "licence": "CC-BY-4.0"}
    yield {**own, "as_of": "", "reliability": "compilation"}
    for row in read(pack / "sources.csv"):
        if row["source_id"] == "unsourced":
            continue
        title = row["title"].split(" (founding paper")[0]
        yield {
            "id": row["source_id"],
            **titled(title),
            "address": web_address(row["address"]),
            "licence": row["licence"],
            "as_of": row["as_of"],
            "reliability": row["reliability"],
        }


def titled(title: str) -> Row:
    """Return the columns of a title from the pack, with empty ones that were filled in by hand later."""
    return {"title_zh": title, "title_en": title, "issuer_zh": "", "issuer_en": "", "document_number": ""}


def web_address(address: str) -> str:
    """Return the address as a URL, or nothing if the pack has only a description."""
    if match := re.fullmatch(r"github:([^:\s]+):(\S+)( .*)? @([0-9a-f]{40})", address):
        repository, path, several, commit = match.groups()
        kind, path = ("tree", path.rpartition("/")[0]) if several else ("blob", path)
        return f"https://github.com/{repository}/{kind}/{commit}/{path}"
    return address if re.fullmatch(r"https?://[^\s…]+", address) else ""


def authorities(pack: Path) -> Iterator[Row]:
    """Bodies with their names, kind, years and successor."""
    for row in read(pack / "registry/authorities.csv"):
        aliases = [name for name in row["aliases_zh"].split(";") if name not in ("", row["name_zh"], row["short_zh"])]
        kept = "id name_zh name_en short_zh kind valid_from valid_to successor_id wikidata"
        yield {**take(row, kept), "aliases_zh": ";".join(aliases), "source_ids": row["source_id"]}


def affiliations(pack: Path) -> Iterator[Row]:
    """Dated parents of bodies."""
    mint = minter()
    for row in read(pack / "registry/authority_parents.csv"):
        key = mint(row["authority_id"], row["parent_id"], row["valid_from"])
        yield {"id": key, **take(row, "authority_id parent_id valid_from valid_to"), "source_ids": row["source_id"]}


def programmes(pack: Path) -> Iterator[Row]:
    """Yield programmes; their purpose texts are in a table of their own."""
    for row in read(pack / "registry/programmes.csv"):
        yield {
            **take(row, "id name_zh name_en"),
            "aliases_zh": row["alias_zh"],
            **take(row, "category policy_area bearer usual_extent parent_id"),
            "valid_from": row["started"],
            "valid_to": row["ended"],
            **take(row, "successor_id legal_basis"),
            "source_ids": row["source_id"],
        }


def purpose_texts(pack: Path) -> Iterator[Row]:
    """Official passages that say what a programme is for."""
    for row in read(pack / "registry/purpose_texts.csv"):
        document = row["document"].replace("founding paper ", "paper ")
        yield {
            "id": row["text_id"],
            **take(row, "programme_id text_zh kind"),
            "document_zh": document,
            "document_en": "",
            "printed_row": "",
            "published": row["date"],
            "source_ids": row["source_id"],
        }


def assignments(pack: Path) -> Iterator[Row]:
    """Programme to purpose by quote."""
    mint = minter()
    for row in read(pack / "registry/purpose_assignments.csv"):
        key = mint(row["programme_id"], row["purpose_id"])
        yield {"id": key, **take(row, "programme_id purpose_id text_id quote weight")}


def mandates(pack: Path) -> Iterator[Row]:
    """Yield roles of authorities in programmes; a mandate without a source is `unsourced`, whatever its status."""
    mint = minter()
    for row in read(pack / "registry/programme_authorities.csv"):
        key = mint(row["programme_id"], row["authority_id"], row["role"], row["valid_from"])
        yield {
            "id": key,
            **take(row, "programme_id authority_id role valid_from valid_to"),
            "basis_zh": "" if row["source_id"] == "unsourced" else row["basis"],
            "basis_en": "",
            **sourcing(row, row["status"]),
        }


def relations(pack: Path) -> Iterator[Row]:
    """Yield relations by design between programmes; `parent` is in programmes.csv already."""
    mint = minter()
    for row in read(pack / "registry/programme_relations.csv"):
        if row["relation"] == "parent":
            continue
        yield {
            "id": mint(row["a"], row["relation"], row["b"]),
            "subject_id": row["a"],
            "object_id": row["b"],
            "relation": row["relation"],
            "basis_zh": "" if row["source_id"] == "unsourced" else row["basis"],
            "basis_en": "",
            **sourcing(row, "inferred" if "inferred" in row["note"] else "asserted"),
        }


def sourcing(row: Row, status: str) -> Row:
    """Return status and source columns; a row without a source is `unsourced`."""
    unsourced = row["source_id"] == "unsourced"
    return {"status": "unsourced" if unsourced else status, "source_ids": "" if unsourced else row["source_id"]}


def minter() -> Callable[..., str]:
    """Return a function that joins parts to a key and numbers keys that repeat."""
    given: dict[str, int] = {}

    def mint(*parts: str) -> str:
        key = "-".join(part for part in parts if part)
        given[key] = given.get(key, 0) + 1
        return key if given[key] == 1 else f"{key}-{given[key]}"

    return mint


def write(path: Path, rows: list[Row]) -> None:
    """Write a table: UTF-8, line feeds, the columns of its first row."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--add"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    (add if "--add" in sys.argv else main)(Path(arguments[0]))
