"""``python -m benchmarks.sets``."""

from benchmarks.sets.run import main

main()
