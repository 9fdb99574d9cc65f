"""Measures opening an .mps file of 1,000,000 nonzeros against highspy's bare read of the same file.

    python benchmarks/read_mps.py [--nonzeros 1000000] [--runs 5]

The file is made in a temporary folder. The two kinds of reading take turns; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np


def write_model(path: Path, nonzeros: int) -> None:
    """Writes a random packing model with about ten nonzeros per column."""
    columns, rows = nonzeros // 10, nonzeros // 20
    random = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write("NAME random\nROWS\n N COST\n")
        file.writelines(f" L R{row:06d}\n" for row in range(rows))
        file.write("COLUMNS\n")
        for column in range(columns):
            hit = random.choice(rows, 10, replace=False) if rows < 1000 else np.unique(random.integers(0, rows, 10))
            values = random.uniform(0.1, 9.0, len(hit)).round(4)
            file.write(f" C{column:06d} COST {column % 97 + 1}\n")
            pairs = zip(hit.tolist(), values.tolist(), strict=True)
            file.writelines(f" C{column:06d} R{row:06d} {value}\n" for row, value in pairs)
        file.write("RHS\n")
        file.writelines(f" RHS R{row:06d} {row % 977 + 5}\n" for row in range(rows))
        file.write("BOUNDS\n")
        file.writelines(f" UP BND C{column:06d} {column % 97 + 5}\n" for column in range(0, columns, 2))
        file.write("ENDATA\n")


def bare_read(path: Path) -> float:
    """Reads with highspy alone; returns seconds."""
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    began = time.perf_counter()
    status = highs.readModel(str(path))
    took = time.perf_counter() - began
    assert status == highspy.HighsStatus.kOk, status
    return took


def our_read(path: Path) -> float:
    """Opens with the importer; returns seconds."""
    from solvitur_files.matrix_reading import MpsFile

    began = time.perf_counter()
    MpsFile().read(path, {})
    return time.perf_counter() - began


def main() -> None:
    """Prints both medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nonzeros", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="solvitur-bench-") as folder:
        path = Path(folder) / "random.mps"
        write_model(path, asked.nonzeros)
        bare_read(path), our_read(path)  # loads the libraries
        times = [(bare_read(path), our_read(path)) for _ in range(asked.runs)]
        size = path.stat().st_size / 1e6
    bare, ours = (statistics.median(kind) for kind in zip(*times, strict=True))
    print(f"file {size:.1f} MB   bare highspy {bare:.3f} s   ours {ours:.3f} s   ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
