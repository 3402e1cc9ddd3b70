"""The cache of compiled kernels: complete after warming up, dropped when a source changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from solver import jit

ROOT = Path(__file__).parents[2]
SOLVE = """
import sys
from numba.core.dispatcher import Dispatcher
from solver.search import Stop, solve
from tests.solver.worlds import make_arbitrary, make_town, seeded

for problem in (make_town(seeded(0), 10, 2), make_arbitrary(seeded(1)), make_town(seeded(0), 130, 8)):
    solve(problem, stop=Stop(iterations=50), threads=2)
kernels = {
    kernel
    for name, module in list(sys.modules.items())
    if name.startswith("solver.")
    for kernel in vars(module).values()
    if isinstance(kernel, Dispatcher)
}
hits = sum(sum(kernel.stats.cache_hits.values()) for kernel in kernels)
misses = sorted(kernel.__name__ for kernel in kernels if kernel.stats.cache_misses)
print(hits > 0, misses)
"""


@pytest.mark.slow
@pytest.mark.compiled
def test_a_process_after_warming_up_compiles_nothing() -> None:
    subprocess.run([sys.executable, "-m", "solver.warm"], cwd=ROOT, check=True)
    second = subprocess.run([sys.executable, "-c", SOLVE], cwd=ROOT, check=True, capture_output=True, text=True)
    assert second.stdout == "True []\n"


def test_compiled_kernels_are_dropped_when_any_source_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "HERE", tmp_path)
    source = tmp_path / "deep" / "clock.py"
    compiled = [
        tmp_path / "__pycache__" / "kernel.nbi",
        tmp_path / "deep" / "__pycache__" / "clock.nbc",
    ]
    other = tmp_path / "deep" / "__pycache__" / "clock.pyc"
    for path in (source, other, *compiled):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    jit.drop_stale_cache()
    assert [path.exists() for path in (*compiled, other)] == [False, False, True]

    for path in compiled:
        path.write_text("2")
    jit.drop_stale_cache()
    assert [path.exists() for path in compiled] == [True, True]

    source.write_text("3")
    jit.drop_stale_cache()
    assert [path.exists() for path in compiled] == [False, False]


def test_the_digest_changes_with_a_source_its_name_and_the_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "HERE", tmp_path)
    digests = [jit.sources_digest()]
    (tmp_path / "a.py").write_text("1")
    digests.append(jit.sources_digest())
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    digests.append(jit.sources_digest())
    monkeypatch.setattr(jit.numba, "__version__", "0")
    digests.append(jit.sources_digest())
    assert len(set(digests)) == len(digests)
