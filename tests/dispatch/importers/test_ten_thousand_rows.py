from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.dispatch.importers.sheets import xlsx_of

ROOT = Path(__file__).resolve().parents[3]
HEADINGS = ["工单号", "客户", "电话", "地址", "经度", "纬度", "等级", "故障", "技能", "时长", "预约时间", "预约日期"]
GOOD = [
    "",
    "示范店",
    "0571-0000000",
    "杭州市西湖区示范路 1 号",
    120.1,
    30.2,
    "一般",
    "制冷差",
    "空调:2",
    "30分钟",
    "14:00-16:00",
    "2026-11-23",
]
WRONG: tuple[tuple[int, object, str], ...] = (
    (6, "天级", "unknown_grade"),
    (9, "很快", "bad_duration"),
    (9, "30小时", "duration_out_of_range"),
    (9, 2, "duration_unit"),
    (10, "看情况", "bad_window"),
    (10, "明天上午", "relative_date"),
    (10, "25:00-26:00", "impossible_time"),
    (10, "16:00-14:00", "window_backwards"),
    (10, "9-11", "hours_or_date"),
    (11, "2026-11-31", "impossible_date"),
    (11, "2062-11-23", "far_date"),
    (11, "待定", "bad_date"),
    (4, 1201.0, "impossible_point"),
    (4, "东边", "bad_number"),
    (5, None, "half_point"),
    (2, "1.38E+10", "phone_shortened"),
    (8, "空调:9", "bad_skill_level"),
    (7, "长" * 501, "text_too_long"),
    (3, "#N/A", "error_value"),
    (0, "A1", "duplicate_number"),
)
READ = """
import datetime, json, resource, sys, time
from pathlib import Path
from dispatch.importers.rows import Settings
from dispatch.importers.tickets import read_tickets
imported = read_tickets(Path(sys.argv[1]).read_bytes(), Settings(datetime.date(2026, 11, 23)))
faults = [(fault.line, fault.letter, fault.code) for row in imported.refused for fault in row.faults]
used = resource.getrusage(resource.RUSAGE_SELF)
# not ru_maxrss: a child begins with what its parent had
peak_kb = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
print(json.dumps([len(imported.drafts), faults, used.ru_utime + used.ru_stime, peak_kb / 1024]))
"""


@pytest.mark.slow
def test_137_faults_of_20_kinds_among_ten_thousand_rows_are_all_named_in_30_s_and_300_mb(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(HEADINGS)]
    wanted = []
    for number in range(1, 10_001):
        row: list[object] = [f"A{number}", f"示范店{number}", *GOOD[2:]]
        if number % 72 == 60 and len(wanted) < 137:
            column, value, code = WRONG[len(wanted) % len(WRONG)]
            row[column] = value
            wanted.append([number + 1, "ABCDEFGHIJKL"[column if code != "half_point" else 4], code])
        rows.append(row)
    (tmp_path / "tickets.xlsx").write_bytes(xlsx_of(*rows))
    told = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / "tickets.xlsx")],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    drafts, faults, cpu_s, used_mb = json.loads(told.stdout)
    assert faults == wanted
    assert drafts == 10_000 - 137
    assert len(Counter(code for _, _, code in faults)) == 20
    assert cpu_s < 30
    assert used_mb < 300
