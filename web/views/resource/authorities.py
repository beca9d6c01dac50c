"""The page of an authority: history, affiliations, mandates by role."""

from collections.abc import Mapping
from itertools import groupby

from kg.store import NamedNode
from web.data import counting, standing_dates
from web.graph import ministries
from web.graph.iris import key_of
from web.graph.ministries import Tie
from web.graph.queries import Graph, value
from web.graph.resource import Thing
from web.lists import counts
from web.views.resource.programmes import role_order


def authority(graph: Graph, thing: Thing, today: str) -> Mapping[str, object]:
    """Return history, affiliations, mandates by role, and programmes it is responsible for.

    Of the newest reform: the programmes behind which it stood before and stands no more, and those that came to it.
    """
    node = NamedNode(thing.iri)
    affiliations = graph.rows("resource/authority_affiliations", authority=node)
    mandates = sorted(graph.rows("resource/mandates", body=node), key=lambda row: (role_order(row), value(row, "from")))
    behind = [
        (programme, tie)
        for programme, ties in sorted(ministries.on(graph, today).items())
        for tie in ties
        if tie.ministry == thing.iri
    ]
    eve = standing_dates(today)[0]
    before, now = ministries.on(graph, eve), ministries.on(graph, today)
    programmes = " ".join(key_of(programme) for programme, _ in behind)
    return {
        **(_designations(programmes) if programmes and counting() else {}),
        "history": graph.rows("resource/authority_history", authority=node),
        "above": [row for row in affiliations if value(row, "lower") == thing.iri],
        "below": [row for row in affiliations if value(row, "upper") == thing.iri],
        "mandates": [(role, list(rows)) for role, rows in groupby(mandates, key=lambda row: value(row, "role"))],
        "behind": behind,
        "lost": _left(thing.iri, before, now),
        "gained": _left(thing.iri, now, before),
        "lapsed": sum(ministries.LAPSED in tie.marks for _, tie in behind),
        "computed": counting(),
        "eve": eve,
        "today": today,
    }


def _left(
    ministry: str, there: Mapping[str, tuple[Tie, ...]], here: Mapping[str, tuple[Tie, ...]]
) -> list[tuple[str, tuple[Tie, ...]]]:
    """Return the programmes of a ministry on one day but not on the other, with the ministries on the other."""
    own = [programme for programme, ties in there.items() if any(tie.ministry == ministry for tie in ties)]
    return [
        (programme, here.get(programme, ()))
        for programme in sorted(own)
        if all(tie.ministry != ministry for tie in here.get(programme, ()))
    ]


def _designations(programmes: str) -> Mapping[str, object]:
    """Return the numbers of designations of programmes by year and place, and undated."""
    return {
        "spread": counts.spread("programmes", programmes),
        "years": counts.years("programmes", programmes),
        "undated": counts.undated("programmes", programmes),
    }
