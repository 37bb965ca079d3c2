"""A PostgreSQL of our own, for as long as it is measured."""

import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import tempfile

from .program import stop_with
from .searching import CONNECTIONS


def find_postgres():
    """Where its programs are; Debian keeps them out of PATH."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"), key=lambda path: float(path.parent.parent.name))
    if found and (found[-1].parent / "initdb").exists():
        return found[-1].parent
    elsewhere = [shutil.which(name) for name in ("initdb", "pgbench")]
    return pathlib.Path(elsewhere[0]).parent if all(elsewhere) else None


def keep_debian_from_starting_one():
    """Debian's package would start a cluster for the machine, which nobody asked for."""
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    directory = "/etc/postgresql-common/createcluster.d"
    script = f"mkdir -p {directory} && echo create_main_cluster = false > {directory}/casement-bench.conf"
    subprocess.run([*prefix, "sh", "-c", script], stderr=subprocess.DEVNULL)


class Postgres:
    """A cluster of its own in a temporary directory, on loopback, gone afterwards."""

    # Room for the whole table; no forks for one search, since both cores are asked already.
    SETTINGS = {
        "listen_addresses": "127.0.0.1",
        "shared_buffers": "1GB",
        "work_mem": "64MB",
        "maintenance_work_mem": "512MB",
        "max_parallel_workers_per_gather": "0",
        "jit": "off",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "8GB",
        "autovacuum": "off",
    }

    def __enter__(self):
        self.programs = find_postgres()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="casement-bench-postgres-"))
        # PostgreSQL refuses to run as root.
        self.user = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(postgres_user())
            self.user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.directory, user.pw_uid, user.pw_gid)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        try:
            self.control("initdb", "--username=casement", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            settings = {**self.SETTINGS, "port": self.port, "unix_socket_directories": self.directory}
            options = " ".join(f"-c {name}={value}" for name, value in settings.items())
            self.control("pg_ctl", "start", "--wait", "--silent", f"--log={self.directory / 'log'}", f"--options={options}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if (self.directory / "data/postmaster.pid").exists():
            self.control("pg_ctl", "stop", "--mode=immediate", "--silent")
        shutil.rmtree(self.directory, ignore_errors=True)

    def control(self, program, *arguments):
        # Into a file: the server would keep a pipe open for as long as it runs.
        with open(self.directory / "out", "ab") as out:
            command = [self.programs / program, f"--pgdata={self.directory / 'data'}", *arguments]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.directory, **self.user)
        if done.returncode != 0:
            stop_with(f"PostgreSQL's {program} failed", self.directory / "out")

    def at(self):
        return ["--host=127.0.0.1", f"--port={self.port}", "--username=casement"]

    def run(self, sql):
        """What the statements answer, rows as lines; of the text or of its pieces."""
        command = [self.programs / "psql", *self.at(), "-X", "-q", "-A", "-t", "--set=ON_ERROR_STOP=1", "postgres"]
        out, errors = self.directory / "answers", self.directory / "errors"
        with open(out, "w+", encoding="utf-8") as answers, open(errors, "w", encoding="utf-8") as told:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=answers, stderr=told, encoding="utf-8")
            try:
                with process.stdin as psql:
                    psql.writelines([sql] if isinstance(sql, str) else sql)
            except BrokenPipeError:
                pass
            if process.wait() != 0:
                stop_with("psql failed", errors)
            answers.seek(0)
            return answers.read()

    def bench(self, script, seconds):
        """Transactions a second, and the 50th and 99th percentile of their times in milliseconds."""
        directory = self.directory / "bench"
        directory.mkdir()
        try:
            (directory / "script").write_text(script)
            command = [self.programs / "pgbench", *self.at(), "--no-vacuum", f"--client={CONNECTIONS}", f"--jobs={CONNECTIONS}"]
            command += [f"--time={max(1, round(seconds))}", f"--file={directory / 'script'}", "--log", "postgres"]
            done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
            rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
            if done.returncode != 0 or rate is None or "aborted" in done.stdout + done.stderr:
                stop_with(f"pgbench failed: {done.stdout}{done.stderr}")
            # The third column of its logs is the time of one, in microseconds.
            logs = [path.read_text().splitlines() for path in directory.glob("pgbench_log.*")]
            times = sorted(int(line.split()[2]) / 1000 for lines in logs for line in lines)
            return {"rate": float(rate.group(1)), "median": times[len(times) // 2], "p99": times[len(times) * 99 // 100]}
        finally:
            shutil.rmtree(directory)


def postgres_user():
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"
