"""Import of the research packs' lists into records, designations and carriers, by the modules of `guapai import`.

    python data/lists_from_pack.py <folder of a pack>... [--anew]

The lists stand in lists.csv, kept by hand, in the order in which they are taken in: zones first, for other designations
lie on them. Lists of the packs that have no record yet are taken in. With --anew everything that the script wrote
before is made once more from all packs, in a copy that takes its place when all rules hold; the same lists give the
same keys. What the first paper names stays, and repairs and decisions stay.
"""

import csv
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.importing import importer
from kg.importing.plan import Order, Plan, Planner
from kg.importing.record_cells import Cells
from kg.importing.registry import Known
from kg.importing.row_reader import Reader
from kg.tables import Package, checks, open_package, writer

HERE = Path(__file__).parent
PAPER = "paper-1-plates"
FOLDERS = ("designations", "catalogue-2018", "other")
HEADERS = {
    "kaifaqu_2018_national": {"zone_type": "programme"},
    "guojia_nongye_keji_yuanqu_checks": {"result": "status"},
    "catalogue-2018-provincial-1": {"approver": "authority", "geocoded_address": "place"},
    "catalogue-2018-provincial-2": {"approver": "authority", "geocoded_address": "place"},
}
"""Headers that only these lists have. The year of an acceptance notice is no year of approval and stays as printed."""
OUTPUTS = ("records", "designations", "carriers.csv", "designation_relations.csv", "datapackage.json")
"""Files and folders written by the script."""
CHECKED_AFTER_IMPORT = (
    *("carrier_names.csv", "carrier_seats.csv", "designation_places.csv"),
    *("corrections.csv", "decisions.csv", "parted_rows.csv", "withdrawn.csv"),
)
"""Tables that reference records and designations, and are therefore checked after all of them."""
SAME = {
    "大湾区综合性国家科学中心": "comprehensive-national-science-center-shenzhen",
    "合肥综合性国家科学中心": "comprehensive-national-science-center-hefei",
    "成渝地区具有全国影响力的科技创新中心": "national-sti-center-chengyu",
    "湖南省宁乡县现代农业产业园": "modern-agri-industrial-park-0381",
    "北大荒农垦集团有限公司北安分公司现代农业产业园": "modern-agri-industrial-park-0219",
}
"""Names as printed → key, of designations whose name changed by more than spelling (宁乡县 became 宁乡市 in 2017), or
that no list places in a province."""
RELATIONS = {
    "zichuangqu_members": "contains",
    "nonggaoqu_predecessors": "succeeds",
    "zimaoqu_pianqu_members": "contains",
}
PROGRAMMES = {
    "zichuangqu_members": ("national-self-innovation-zone", "national-high-tech-zone"),
    "nonggaoqu_predecessors": ("agri-high-tech-zone", "agri-sci-park"),
    "zimaoqu_pianqu_members": ("pilot-free-trade-zone", "pilot-free-trade-zone"),
}


def main(packs: Sequence[Path], *, anew: bool) -> None:
    """Import the lists of the table of lists, then the relations; write all or nothing."""
    if not anew:
        print(f"{take_in(packs, HERE)} files written")
        return
    with TemporaryDirectory(prefix=".guapai-", dir=HERE.parent) as scratch:
        copy = Path(scratch) / "data"
        shutil.copytree(HERE, copy)
        clear(copy)
        print(f"{take_in(packs, copy)} files written")
        for name in CHECKED_AFTER_IMPORT:
            shutil.copyfile(HERE / name, copy / name)
        for path, content in parts(open_package(copy), open_package(HERE)).items():
            (copy / path).write_text(content, encoding="utf-8")
        checks.checked(copy)
        for name in OUTPUTS:
            if (HERE / name).is_dir():
                shutil.rmtree(HERE / name)
                (copy / name).rename(HERE / name)
            else:
                (copy / name).replace(HERE / name)


def take_in(packs: Sequence[Path], data: Path) -> int:
    """Import the lists without records into a data folder; return the number of files written."""
    package = checks.checked(data)
    known = Known(package)
    planner = Planner(Reader(package, known))
    recorded = {row["list_id"] for row in package.rows("records")}
    files = {
        row["id"]: path
        for row in package.rows("lists")
        if row["id"] not in recorded and (path := listed(packs, row["id"]))
    }
    plans = [plan(path, package, planner, package.index("lists")[key].cells) for key, path in files.items()]
    changed = importer.files(package, [*merged_relations(packs, known, plans)], [])
    writer.write(data, changed)
    return len(changed)


def listed(packs: Iterable[Path], key: str) -> Path | None:
    """Return the file of a list in the packs."""
    files = (pack / folder / f"{key}.csv" for pack in packs for folder in FOLDERS)
    return next((file for file in files if file.exists()), None)


def parts(package: Package, before: Package) -> dict[str, str]:
    """Return path → content of the designations as they were whose rows people parted: names, and those added."""
    named = {row["designation_id"] for row in before.rows("parted_rows")}
    kept: dict[str, list[Cells]] = {}
    for row in before.rows("designations"):
        if row["id"] in named:
            kept.setdefault(row.file, []).append(dict(row.cells))
    return writer.files(package, {"designations": kept})


def clear(data: Path) -> None:
    """Remove what the script wrote: records, designations, carriers, relations, their paths; not the paper's rows."""
    package = open_package(data)
    paper = [row for row in package.rows("records") if row["list_id"] == PAPER]
    designations = {row["designation_id"] for row in paper}
    bearers = {key for row in paper for key in row.many("carrier_ids")}
    kept: dict[str, list[str]] = {"records": [f"records/{PAPER}.csv"], "designations": []}
    own = {"names": "", "designation_id": "", "parent_id": "", "source_ids": paper[0]["source_ids"]}
    carriers = [{**row.cells, **own} for row in package.rows("carriers") if row["id"] in bearers]
    for path in package.resources["designations"].paths:
        with (data / path).open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["id"] in designations]
        if rows:
            kept["designations"].append(path)
            table(package, "designations", path, rows)
        else:
            (data / path).unlink()
    for path in package.resources["records"].paths:
        if path not in kept["records"]:
            (data / path).unlink()
    table(package, "carriers", "carriers.csv", carriers)
    table(package, "designation_relations", "designation_relations.csv", [])
    for name in CHECKED_AFTER_IMPORT:
        header = (data / name).read_text(encoding="utf-8").partition("\n")[0]
        (data / name).write_text(f"{header}\n", encoding="utf-8")
    descriptor = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        resource["path"] = kept.get(resource["name"], resource["path"])
    text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    (data / "datapackage.json").write_text(text, encoding="utf-8")


def table(package: Package, resource: str, path: str, rows: Iterable[Cells]) -> None:
    """Write a table with the columns of its resource."""
    with (package.folder / path).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, package.resources[resource].columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def plan(path: Path, package: Package, planner: Planner, row: Mapping[str, str]) -> Plan:
    """Plan the import of one list as the command does, and print a summary."""
    programme = row["programme_ids"].partition(";")[0] or "other-national-development-zone"
    listing = importer.listing(package, path, programme, columns=HEADERS.get(row["id"], {}))
    if listing.unaccounted:
        sys.exit(f"{path.name}: {listing.unaccounted} lines are neither row nor header nor section nor note")
    designations = planner.known.designations
    same = {name: key for name, key in SAME.items() if key in designations}
    sources = tuple(row["source_ids"].split(";")[:1])
    planned = planner.plan(listing, Order(row["id"], path.name, programme, sources, row["edition"], same))
    counts = ", ".join(f"{number} {verdict}" for verdict, number in planned.counts.items() if number)
    print(f"{row['id']}: {len(listing.rows)} rows: {counts}")
    return planned


def merged_relations(packs: Iterable[Path], known: Known, plans: list[Plan]) -> Iterator[Plan]:
    """Yield the plans, their relations replaced by documented ones between the same designations."""
    stated = {(row["subject_id"], row["object_id"]): row for pack in packs for row in stated_relations(pack, known)}
    for number, planned in enumerate(plans):
        inferred = [row for row in planned.relations if (row["subject_id"], row["object_id"]) not in stated]
        last = number == len(plans) - 1
        yield replace(planned, relations=(*inferred, *(stated.values() if last else ())))


def stated_relations(pack: Path, known: Known) -> Iterator[Cells]:
    """Yield the relations that the pack's tables state between designations; print those that lack one."""
    for file, relation in RELATIONS.items():
        if not (pack / "relations" / f"{file}.csv").exists():
            continue
        whole_programme, part_programme = PROGRAMMES[file]
        with (pack / "relations" / f"{file}.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            whole = only(known, whole_programme, row["whole"])
            part = known.zone(row["part"], whole_programme, set()) or only(known, part_programme, row["part"])
            if not whole or not part:
                print(f"{file}: {row['whole']} {relation} {row['part']}: no designation of that name")
                continue
            ends = {"subject_id": whole, "object_id": part if isinstance(part, str) else part.key}
            key = f"{ends['subject_id']}-{relation}-{ends['object_id']}"
            given = {"relation": relation, "status": "asserted", "record_ids": "", "source_ids": row["source_id"]}
            yield {"id": key, **ends, **given}


def only(known: Known, programme: str, name: str) -> str:
    """Return the key of the designation of a programme with a name, "" if none or several have it."""
    found = known.under(programme, known.identity(name, programme, ()))
    return found[0].key if len(found) == 1 else ""


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--anew"]
    if not arguments:
        sys.exit(__doc__)
    main([Path(argument) for argument in arguments], anew="--anew" in sys.argv)
