"""Spreadsheets: from the workbook to the stored framework, beside openpyxl and pandas only reading it."""

import json
import os
import shutil
import statistics
import subprocess
import time

from .program import Casement, install_packages, stop_with

# Debian's Python, which has the packages; not the one that runs this.
PYTHON = "/usr/bin/python3"
FEW = 1_189  # rows of the workbook that a curriculum team has
MANY = 100_000
# What is to be reached: seconds, bytes, and how much faster than the others read.
MARKS = {FEW: (0.3, None, None), MANY: (6, 500e6, 10)}

# Writes a workbook of standards: strands, clusters and standards, told apart by their codes.
WRITE = """
import sys
from openpyxl import Workbook
rows, path = int(sys.argv[1]), sys.argv[2]
words = "students explain compare measure describe evidence models fractions energy culture sources methods".split()
book = Workbook(write_only=True)
sheet = book.create_sheet("Standards")
sheet.append(["Code", "Statement", "Type", "Grade", "Subject", "Notes", "Keywords", "Language"])
for row in range(rows):
    strand, cluster, standard = row // 110, row % 110 // 11, row % 11
    code = f"S{strand + 1}" + (f".{cluster + 1}" if row % 110 else "") + (f".{standard}" if standard else "")
    text = " ".join(words[(row * 7 + k * (k + row % 5)) % len(words)] for k in range(12))
    kind = "Strand" if row % 110 == 0 else "Standard" if standard else "Cluster"
    sheet.append([code, f"{text.capitalize()} {row}.", kind, str(row % 12 + 1), "Science", "", words[row % 12], "en"])
book.save(path)
"""
READ = {
    "pandas": "import sys, pandas; print(len(pandas.read_excel(sys.argv[1], dtype=str)))",
    "openpyxl": "import sys, openpyxl; sheet = openpyxl.load_workbook(sys.argv[1], read_only=True).active; "
    "print(sum(1 for _ in sheet.iter_rows(values_only=True)) - 1)",
}


def bench_sheets(binary, scratch, rounds, marks):
    there = subprocess.run([PYTHON, "-c", "import openpyxl, pandas"], capture_output=True).returncode == 0
    install_packages([] if there else ["python3-openpyxl", "python3-pandas"])
    print(f"sheets: workbooks planned and applied to an empty SQLite database; {rounds} rounds, medians\n")
    for rows in (FEW, MANY):
        book = scratch / f"sheet-{rows}.xlsx"
        subprocess.run([PYTHON, "-c", WRITE, str(rows), str(book)], check=True)
        seconds, memory = MARKS[rows][:2]
        ours = [import_sheet(binary, scratch, book, rows) for _ in range(rounds)]
        took = statistics.median(one for one, _ in ours)
        marks.at_most(f"{rows:,} rows, planned and applied", took, seconds, unit=" s")
        most = max(one for _, one in ours) / 1e6
        if memory:
            marks.at_most(f"{rows:,} rows, most memory", most, memory / 1e6, unit=" MB")
        else:
            print(f"  {f'{rows:,} rows, most memory':58} {most:13.2f} MB")
        for name in READ:
            theirs = statistics.median(read_with(name, book, rows) for _ in range(min(rounds, 3) if rows == MANY else rounds))
            told = f"{rows:,} rows: {name} only reading ({theirs:.2f} s) by that"
            if MARKS[rows][2] and name == "pandas":
                marks.at_least(told, theirs / took, MARKS[rows][2])
            else:
                print(f"  {told:58} {theirs / took:16.2f}", flush=True)
        book.unlink()


def import_sheet(binary, scratch, book, rows):
    """Seconds and most bytes of memory."""
    casement = Casement(binary, scratch / "sheet-store")
    try:
        result = casement.import_files([book])
        told = subprocess.run(
            [binary, "frameworks", "--json"], env=casement.environment, capture_output=True, text=True, check=True
        )
        found = sum(one["items"] for one in json.loads(told.stdout))
        if found != rows:
            stop_with(f"{found:,} items were made of {rows:,} rows")
        return result
    finally:
        shutil.rmtree(casement.directory)


def read_with(name, book, rows):
    begin = time.perf_counter()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    told = subprocess.run([PYTHON, "-c", READ[name], str(book)], env=environment, capture_output=True, text=True, check=True)
    if int(told.stdout) != rows:
        stop_with(f"{name} read {told.stdout.strip()} rows of {rows:,}")
    return time.perf_counter() - begin
