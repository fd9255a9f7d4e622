"""Measures the portal's pages, writes and reminders on data of several sizes."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bench.cases import CASES
from bench.client import WrongAnswer
from bench.data import data_make
from bench.database import bench_database
from bench.measures import Row
from bench.pace import pace_ms
from bench.report import machine, row_words, table_lines
from bench.scene import REPEATS, Case, Scene
from bench.server import serving
from foundation import clock

SIZES = (1_000, 10_000, 100_000)
SMALLEST, LARGEST = 100, 1_000_000


def sizes(text: str) -> list[int]:
    """Return the numbers of records that the command line names."""
    try:
        numbers = sorted({int(part) for part in text.split(",")})
    except ValueError as error:
        raise ArgumentTypeError("numbers, separated by commas, such as 1000,10000") from error
    if not numbers or numbers[0] < SMALLEST or numbers[-1] > LARGEST:
        raise ArgumentTypeError(f"from {SMALLEST:,} to {LARGEST:,} records")
    return numbers


def cases(text: str) -> list[Case]:
    """Return the cases that the command line names."""
    known = {case.name: case for case in CASES}
    names = text.split(",")
    if unknown := [name for name in names if name not in known]:
        raise ArgumentTypeError(f"no such row: {', '.join(unknown)}. There are: {', '.join(known)}")
    return [known[name] for name in names]


class Command(BaseCommand):
    """`./portal bench [--n 1000,10000,100000] [--only NAME] [--json FILE]`"""

    help = "Measure pages, writes and reminders on a database of its own, against the bounds of the design."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--n", type=sizes, default=list(SIZES), help="how many audits, such as 1000,10000,100000"
        )
        parser.add_argument(
            "--only", type=cases, default=list(CASES), help="the names of the rows to measure"
        )
        parser.add_argument("--repeats", type=int, default=REPEATS, help="how often each page is asked for")
        parser.add_argument("--json", type=Path, help="write the rows to this file, too")

    def handle(
        self, *args: Any, n: list[int], only: list[Case], repeats: int, json: Path | None, **options: Any
    ) -> None:
        rows: list[Row] = []
        self.failed: list[str] = []
        with bench_database() as database:
            for size in n:
                rows += self._measure(database, size, only, repeats)
            self.stdout.write(machine())
        for line in table_lines(rows, {case.name: case.bound for case in CASES}):
            self.stdout.write(line)
        if json:
            write_json(rows, json)
        if self.failed:
            raise CommandError("Not measured: " + "; ".join(self.failed))

    def _measure(self, database: str, size: int, chosen: list[Case], repeats: int) -> list[Row]:
        now = clock.now()
        self.stderr.write(f"{size:,} records: making them …")
        people = data_make(records=size, now=now)
        rows: list[Row] = []
        with serving(database) as port:
            scene = Scene(size, port, database, people, now, repeats)
            try:
                for case in chosen:
                    self.stderr.write(f"{size:,} records: {case.name} …")
                    pace = pace_ms()
                    try:
                        for row in case.measure(scene):
                            rows.append(replace(row, pace_ms=pace))
                            self.stderr.write(
                                f"  {row_words(row)}"
                            )  # a long run that is broken off told what it found
                    except (
                        WrongAnswer
                    ) as wrong:  # the others are measured all the same, and the command fails in the end
                        self.failed.append(f"{case.name} of {size:,}: {wrong}")
            finally:
                scene.close()
        return rows


def write_json(rows: list[Row], path: Path) -> None:
    """Write the rows as a list of objects."""
    path.write_text(json.dumps([row.as_data() for row in rows], indent=2) + "\n", encoding="utf-8")
