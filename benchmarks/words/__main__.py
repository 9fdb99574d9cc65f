"""Measures the offline reader on files of questions with known answers.

    python benchmarks/words --data ../shared/data/nl [--set nl4opt_test ...] [--half a|b] [--show wrong|open|right]

Prints, per set: rows with an undisputed answer, how many were answered alone, how many of all rows came out right,
how many of those answered alone were right, the same for disputed rows, and seconds per statement.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from measuring import FLAWED, SETS, Measured, measure, rows_of

DEFAULT = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nl"


def main() -> int:
    """Runs the sets and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT)
    parser.add_argument("--set", nargs="*", default=list(SETS), dest="sets")
    parser.add_argument("--half", choices=("a", "b"), default="")
    parser.add_argument("--show", choices=("wrong", "open", "right"), default="")
    parser.add_argument("--limit", type=int, default=0, help="how many to show")
    parser.add_argument("--skip", type=int, default=0, help="how many not to show first")
    parser.add_argument("--only", default="", help="a part of the rows' names")
    args = parser.parse_args()
    head = ("set", "rows", "alone", "right", "precision", "disputed right", "median s", "max s")
    print(("{:<18}" + "{:>16}" * 7).format(*head))
    for name in args.sets:
        rows = [row for row in rows_of(args.data / f"{name}.jsonl", args.half) if args.only in row.id]
        measured = measure(rows)
        print(line(name, measured), flush=True)
        shown = [
            each for each in measured.judged if each.verdict == args.show and (args.only or not each.row.disputed)
        ]
        for each in shown[args.skip :][: args.limit or None]:
            print(f"\n=== {each.row.id}: published {each.row.answer}, got {each.objective} {each.status}")
            print(each.row.question)
            model = each.draft.model
            print("\n".join(x for x in model.splitlines() if x and x[:4] not in ("set ", "data", "para", "var ")))
            print(*(f"? {question.text}" for question in each.draft.questions), sep="\n")
            print(*(f"~ {each.row.question[start:end]}" for start, end in each.draft.unread), sep="\n")
    return 0


def line(name: str, measured: Measured) -> str:
    """Formats one set's figures."""
    rows, alone, right = measured.rows, measured.alone, measured.right
    share = f"{right / rows:.1%}" if rows and name not in FLAWED else "-"
    precision = f"{right / alone:.1%}" if alone and name not in FLAWED else "-"
    disputed = f"{measured.disputed_right}/{measured.disputed_rows}"
    cells = (rows, alone, f"{right} ({share})", precision, disputed)
    return (
        f"{name:<18}" + "".join(f"{cell!s:>16}" for cell in cells) + f"{measured.median:>16.3f}{measured.most:>16.3f}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
