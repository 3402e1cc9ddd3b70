"""How kernels are compiled: without the GIL, kept on disk, exact arithmetic.

Numba keys its cache by the file of the outermost function alone, so a change in a file that it calls would go unnoticed.
Therefore the compiled code of the whole floor is dropped when any of its sources changed.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any

import numba
import numpy as np

HERE = Path(__file__).parent
JIT: dict[str, Any] = {"nogil": True, "cache": True, "fastmath": False, "error_model": "numpy", "_nrt": False}
"""``_nrt`` off: no reference counts. With them, counting the arrays at every call took half of the search's time; what
allocates an array needs :data:`ALLOCATING`."""
ALLOCATING: dict[str, Any] = {**JIT, "_nrt": True}
INLINE: dict[str, Any] = {**JIT, "inline": "always"}

njit = numba.njit

ZERO = np.int64(0)
NO, YES = np.bool_(False), np.bool_(True)
"""Given to a kernel instead of ``0``, ``False`` and ``True``: for these Numba compiles it, and all that it calls, once more each."""


def sources_digest() -> str:
    """Return a digest of every source file of this floor and of Numba's version."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(HERE.rglob("*.py")):
        digest.update(path.relative_to(HERE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def drop_stale_cache() -> None:
    """Delete compiled kernels that were made of other sources; a folder that cannot be written is left alone."""
    stamp = HERE / "__pycache__" / "kernels.stamp"
    digest = sources_digest()
    with contextlib.suppress(OSError):
        if stamp.is_file() and stamp.read_text() == digest:
            return
        for folder in HERE.rglob("__pycache__"):
            for pattern in ("*.nbi", "*.nbc"):
                for compiled in folder.glob(pattern):
                    compiled.unlink(missing_ok=True)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(digest)


drop_stale_cache()
