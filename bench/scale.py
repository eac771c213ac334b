"""`python -m bench.scale [lines …]`: what each analysis costs, by size of the company.

For companies of 10,000 to 10,000,000 order lines, or as many as told, each analysis
runs in a process of its own. Keeps the figures in `bench/scale.json`, beside those of
other sizes, draws `docs/images/scale.svg` from all of them, and prints them as the
table of `docs/performance.md`. Takes about half an hour, and up to 4 GB.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import scale_picture

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
PATIENCE = 900  # seconds for one analysis
KEPT = Path(__file__).with_name("scale.json")
PICTURE = Path(__file__).parents[1] / "docs/images/scale.svg"
THREADS = "2"

Figures = dict[str, dict[str, float]]


def main(sizes: list[int]) -> None:
    """Measure, keep, draw, print."""
    known: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for lines in sizes:
        for one in measured(lines):
            known[str(lines)] = one
            keep(known)
    print("\n".join(table(known)))


def keep(known: dict[str, Any]) -> None:
    """The figures, by size, and their picture."""
    known = dict(sorted(known.items(), key=lambda one: int(one[0])))
    KEPT.write_text(json.dumps(known, indent=1) + "\n")
    PICTURE.write_text(scale_picture.svg(known), encoding="utf-8")


def measured(lines: int) -> Iterator[dict[str, Any]]:
    """What one company consists of, and its figures, one more each time."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        rows = json.loads(child(folder, "make", str(lines)))
        for name in json.loads(child(folder, "names")):
            figures[name] = json.loads(child(folder, "measure", name))
            print(f"{lines:>10,} lines  {name:<32}{figures[name]}", flush=True)
            day = datetime.now(UTC).date().isoformat()
            yield {"on": day, "rows": rows, "figures": figures}


def child(folder: str, *arguments: str) -> bytes:
    """The last line that one part prints; this process stays small beside it.

    Peak memory of a process counts from the one that began it.
    """
    environment = {
        **os.environ,
        "CRM_DATA_DIR": folder,
        "CRM_CURRENCY": "EUR",
        "OMP_NUM_THREADS": THREADS,
        "OMP_WAIT_POLICY": "passive",  # else threads that wait count as busy
    }
    for name in ("CRM_DATABASE_URL", "CRM_WAREHOUSE_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "bench.scale", *arguments]
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return json.dumps({"longer_than": PATIENCE}).encode()
    return done.stdout.splitlines()[-1]


def table(known: dict[str, Any]) -> list[str]:
    """Markdown: processor seconds and peak memory, a row per analysis."""
    heads = [f"{int(lines):,} lines" for lines in known]
    told = [f"| | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    names = list(dict.fromkeys(n for one in known.values() for n in one["figures"]))
    for name in names:
        cells = [cell(one["figures"].get(name)) for one in known.values()]
        told.append(f"| {name} | {' | '.join(cells)} |")
    return told


def cell(figures: dict[str, float] | None) -> str:
    if figures is None:
        return ""
    if "cpu" not in figures:
        return f"more than {figures['longer_than']} s"
    seconds = figures["cpu"]
    digits = 2 if seconds < 1 else 1 if seconds < 100 else 0
    return f"{seconds:.{digits}f} s, {figures['peak'] / 1024:.1f} GB"


def part(arguments: list[str]) -> Any:
    """What a child does."""
    from bench import company, work
    from crm import migrations
    from crm.config import settings

    match arguments:
        case ["make", lines]:
            migrations.upgrade(settings().database_url)
            return company.write(int(lines))
        case ["names"]:
            return list(work.WORK)
        case ["measure", name]:
            return work.measured(name)
    raise ValueError(arguments)


if __name__ == "__main__":
    given = sys.argv[1:]
    if given and not re.fullmatch(r"[\d_,]+", given[0]):
        print(json.dumps(part(given)))
    else:
        main([int(re.sub(r"\D", "", one)) for one in given] or list(SIZES))
