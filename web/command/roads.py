"""``paidan roads``: from a map extract to the road graph that travel follows."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from dispatch.format.faults import Fault
from web.command.documents import STREAM, Refusal, find_input_faults, find_output_faults, write_text
from web.command.options import debug_option


@click.group()
def roads() -> None:
    """Work with road graphs."""


@roads.command()
@click.argument("file")
@click.option("-o", "--output", required=True, metavar="GRAPH.npz", help="Where the graph goes.")
@debug_option
def build(file: str, output: str) -> None:
    """Build a road graph from an OpenStreetMap extract, such as FILE.osm.pbf.

    Kept are the roads that a car may drive on, with their one-way streets, as far as each leads to all others and back.
    """
    faults = [*find_input_faults(file, "FILE"), *find_output_faults(output)]
    if output == STREAM:
        faults.append(Fault("output_unwritable", "--output", output, "is no file, expected the name of one"))
    if faults:
        raise Refusal(faults)
    from dispatch.travel.road_builder import NoRoadsError, NotOsmError, build_network  # noqa: PLC0415 - when asked for
    from dispatch.travel.road_graph import RoadFileError  # noqa: PLC0415 - the same

    began_s = time.monotonic()
    try:
        network = build_network(Path(file))
    except NotOsmError as error:
        expected = "expected an extract like hangzhou.osm.pbf"
        raise Refusal([Fault("not_osm", "FILE", file, f"{error}, {expected}")]) from error
    except NoRoadsError as error:
        raise Refusal([Fault("no_roads", "FILE", file, f"{error}, expected a map of a city or region")]) from error
    except RoadFileError as error:
        raise Refusal([Fault("too_large", "FILE", file, f"cannot be used: {error}")]) from error
    network.write(Path(output))
    spent_s = time.monotonic() - began_s
    road_km = int(network.edge_cm.sum()) / 100_000
    line = f"{len(network.lat_deg)} nodes, {len(network.to_node)} edges, {road_km:.1f} km of lanes, {spent_s:.1f} s\n"
    write_text(sys.stdout, line)
