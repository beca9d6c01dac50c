"""Commands that serve a release or load it into another store: serve, mcp, load."""

from pathlib import Path
from typing import Literal

import click

from kg.cli.options import DIST
from kg.release import open_release, upload
from kg.sandbox import Limits, Pool

USUAL = Limits()
"""Limits where no option says otherwise."""
STORE = "--store"
PER_PROCESS = "Per client and server process; 0 is no limit."


@click.command(epilog="Example: guapai serve --host 127.0.0.1 --port 8000")
@DIST
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Number of server processes.")
@click.option("--prefix", default="", help="Path under which the site stands, such as /guapai.")
@click.option("--behind-proxies", "proxies", default=0, show_default=True, help="Trusted reverse proxies.")
@click.option("--query-seconds", default=USUAL.seconds, show_default=True, help="Time limit of a visitor's query.")
@click.option(
    "--query-megabytes", default=USUAL.memory_bytes >> 20, show_default=True, help="Memory limit of a visitor's query."
)
@click.option("--query-rows", default=USUAL.rows, show_default=True, help="Row limit of an answer.")
@click.option(
    "--query-niceness",
    default=USUAL.niceness,
    show_default=True,
    help="Niceness of queries while pages wait, so that they go first.",
)
@click.option("--pages-per-minute", default=600, show_default=True, help=PER_PROCESS)
@click.option("--days-per-minute", default=20, show_default=True, help="Pages for a day of choice, as before.")
@click.option("--queries-per-minute", default=60, show_default=True, help=PER_PROCESS)
@click.option("--queries-at-once", default=2, show_default=True, help=PER_PROCESS)
@click.option("--log-queries", is_flag=True, help="Write the text of queries into the log.")
@click.option(STORE, default="", help="SPARQL endpoint that holds the release, used instead of its own store.")
@click.option("--report-to", default="", help="Where errors are reported: https://…/issues/new, or a mail address.")
def serve(
    dist: Path,
    *,
    query_seconds: float,
    query_megabytes: int,
    query_rows: int,
    query_niceness: int,
    pages_per_minute: int,
    queries_per_minute: int,
    queries_at_once: int,
    days_per_minute: int,
    log_queries: bool,
    host: str,
    port: int,
    workers: int,
    prefix: str,
    proxies: int,
    store: str,
    report_to: str,
) -> None:
    """Serve the current release: pages, linked data, SPARQL."""
    from web import server  # noqa: PLC0415
    from web.middleware import rate_limits as of_clients  # noqa: PLC0415 — the only import of web in kg

    limits = Limits(
        seconds=query_seconds,
        memory_bytes=query_megabytes << 20,
        rows=query_rows,
        waiting=server.MAX_WAITING_QUERIES,
        overflow=server.MAX_OVERFLOW_QUERIES,
        niceness=query_niceness,
    )
    transfers = server.MAX_TRANSFERS_PER_CLIENT, server.MAX_TRANSFERS, server.MAX_STREAMS
    rates = of_clients.Rates(pages_per_minute, queries_per_minute, queries_at_once, days_per_minute, *transfers)
    serving = server.Serving(
        host,
        port,
        workers,
        limits,
        rates,
        prefix.rstrip("/"),
        proxies,
        queries_logged=log_queries,
        store=store,
        report_to=report_to,
    )
    server.run(dist, serving)


@click.command("mcp", epilog="Example: guapai mcp · guapai mcp --port 8765")
@DIST
@click.option("--port", type=click.IntRange(1, 65535), help="Serve HTTP on this port of 127.0.0.1 instead of stdio.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of answers.")
@click.option("--query-seconds", default=USUAL.seconds, show_default=True, help="Time limit of a query.")
def serve_assistants(dist: Path, port: int | None, lang: Literal["zh", "en"], query_seconds: float) -> None:
    """Serve the current release to assistants by the Model Context Protocol, at address /mcp where a port is given."""
    from web import create_app  # noqa: PLC0415
    from web.api import mcp  # noqa: PLC0415 — as above

    release = open_release(dist)
    pool = Pool(release.store_path, 1, Limits(seconds=query_seconds))
    try:
        mcp.run(create_app(release, pool=pool), lang, port)
    finally:
        pool.close()


@click.command(epilog="Example: guapai load --store http://127.0.0.1:8890/sparql --user dba --password-file secret")
@DIST
@click.option(STORE, "address", required=True, help="Address of its SPARQL query endpoint.")
@click.option("--graph-store", help="Address of its Graph Store Protocol (SPARQL 1.1); graphs are sent by PUT.")
@click.option("--update", help="Address of its SPARQL Update, used without a graph store (INSERT DATA).")
@click.option("--user", default="", help="For HTTP authentication (basic or digest).")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the password.",
)
def load(
    dist: Path, *, address: str, graph_store: str | None, update: str | None, user: str, password_file: Path | None
) -> None:
    """Load the current release into a SPARQL 1.1 server, graph by graph, and verify the numbers of triples."""
    release = open_release(dist)
    password = password_file.read_text(encoding="utf-8").splitlines()[0] if password_file else ""
    target = upload.Target(address, graph_store or "", update or "", user, password)
    for name, triples in upload.load(release, target):
        click.echo(f"{name}: {triples} triples")
    click.echo(f"release {release.id} is in {address}; serve it with `guapai serve --store {address}`")
