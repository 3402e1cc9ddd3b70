"""Tiny instances invented for the tests, in the file formats of the public sets."""

from __future__ import annotations

from pathlib import Path

VRPTW = """TINY

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0       0          0          0          0        100          0
    1       3          4          6          0        100         10
    2       6          8          6          0        100         10
    3       0          5          4          0         50         10
"""
"""Two vehicles of 10; 1 and 2 lie on one line and don't fit into one vehicle."""

TOPTW = """1 2 3 1
0 0
  0 0.00 0.00 0.00 0.00 0 0 0 40
  1 3.00 4.00 5.00 10.00 1 1 1 0 40
  2 1.00 1.00 5.00 20.00 1 1 1 0 40
  3 0.00 20.00 5.00 100.00 1 1 1 0 19
"""
"""Customer 3 is too far: 20 away, and closes at 19."""

TRSP = """TINY.100_25-5-5-5

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2       2       2       2

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    0     10    0      100    0      []\t[]\t[]
1    0     0     0      100    0      [0]\t[0]\t[1,0]
2    50    0     0      100    0      [0,1]\t[]\t[0,0]
3    0     20    40     60     10     [0]\t[0]\t[1,0]
4    10    10    0      100    10     [0]\t[1]\t[0,1]
5    50    10    0      100    10     [1]\t[]\t[0,0]
"""
"""Request 4 needs a tool and a part that only the depot, node 0, has."""

RELEASES = """# Instance TINY - 1 dynamic request - 2 static requests
Dyn   Stat
1     2
ID    RD
3    -1
5    -1
4    30
"""

TASKS = """Capacity: 200
Customer: 4

CUST NO.\tXCOORD.\tYCOORD.\tDEMAND\tREADY TIME\tDUE DATE\tSERVICE TIME\tcost\td11\td12\td21\td22
1\t0\t0\t0\t0\t100\t0\t0\t0\t0\t0\t0
2\t3\t4\t10\t0\t100\t5\t100\t1\t1\t0\t0
3\t0\t10\t10\t0\t100\t5\t100\t0\t0\t1\t0
4\t90\t0\t10\t0\t100\t50\t100\t1\t1\t1\t1
"""
"""Task 4 takes too long to be done and come back: it is outsourced for 200 + 4 ** 1.5 = 208."""

TECHNICIANS = """Technicians
Number of Technicians: 2
domains: 2
proficiency level: 2

ID\tdomain1\tdomain2
1\t2\t0
2\t1\t2
"""


def write_sets(folder: Path) -> Path:
    """Write a folder of sets as the runner expects it."""
    files = {
        "vrptw/X101.txt": VRPTW,
        "vrptw/best_known.json": '{"X101_distance": {"best_known_cost": 30.0, "vehicles_used": 2}}',
        "toptw/x101.txt": TOPTW,
        "toptw/reference.csv": "instance,m,best,average,worst,time_ms\nx101,1,25.0,21.0,20.0,1.0\n",
        "trsp/X101.100_25-5-5-5.txt": TRSP,
        "trsp/best_known_static.csv": "instance,our_recomputed_working_time\nX101.100_25-5-5-5,112.0\n",
        "trsp/dynamic/X101.100_25-5-5-5_rd_30.txt": RELEASES,
        "trsp/reference_dynamic.csv": (
            "instance,dod_percent,pALNS_final_cost,rejected,static_bks\nX101.100_25-5-5-5,30,150.0,0,112.0\n"
        ),
        "strsp/tasks_noTeam/X101_2x2_noTeam.txt": TASKS,
        "strsp/technicians_noTeam/technicians_X101_2x2_noTeam.txt": TECHNICIANS,
        "strsp/techniciansReduced_noTeam/technicians_X101_2x2_noTeam.txt": TECHNICIANS,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
