"""sluice backup and sluice rotate-key, beside a server and after one."""
import sqlite3
import subprocess
import threading

from support.sluice import Sluice


def sluice_command(binary, *words, expect=0, env=None):
    ran = subprocess.run([binary, *words], capture_output=True, text=True, timeout=60, env=env)
    assert ran.returncode == expect, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def test_a_backup_while_jobs_run_is_restored_elsewhere(sluice, binary, tmp_path):
    sluice.make_local()
    sluice.make_pipe("p", "SELECT 1 AS a")
    sluice.make_sink("p", connection="disk", path="local://x", file_template="f", schedule_cron="0 * * * *")
    going = threading.Event()

    def keep_running():
        while not going.is_set():
            sluice.wait(sluice.run("p", write_strategy="truncate"))

    runner = threading.Thread(target=keep_running)
    runner.start()
    try:
        for number in range(5):
            said = sluice_command(binary, "backup", tmp_path / f"{number}.db", "--data-dir", sluice.data_dir)
            assert "1 pipes" in said
    finally:
        going.set()
        runner.join()
    with sqlite3.connect(tmp_path / "4.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM jobs").fetchone()[0] > 0
    (tmp_path / "restored").mkdir()
    (tmp_path / "4.db").rename(tmp_path / "restored/state.db")
    other = Sluice(binary, tmp_path / "other", data_dir=tmp_path / "restored").start()
    try:
        assert other.api("GET", "/v0/pipes/p")["schedule"]["cron"] == "0 * * * *"
    finally:
        other.end()


def test_a_backup_replaces_nothing_and_names_what_is_missing(sluice, binary, tmp_path):
    (tmp_path / "mine.db").write_text("mine")
    assert "exists already" in sluice_command(
        binary, "backup", tmp_path / "mine.db", "--data-dir", sluice.data_dir, expect=1)
    assert (tmp_path / "mine.db").read_text() == "mine"
    assert "state.db" in sluice_command(binary, "backup", tmp_path / "x.db", "--data-dir", tmp_path, expect=1)


def test_the_key_is_rotated(make_sluice, binary, s3, bucket):
    sluice = make_sluice().start()
    sluice.make_s3(s3)
    assert "stop it" in sluice_command(binary, "rotate-key", "--data-dir", sluice.data_dir, expect=1).lower()
    sluice.stop()
    key = (sluice.data_dir / "secret.key").read_text()
    sluice_command(binary, "rotate-key", "--data-dir", sluice.data_dir)
    assert (sluice.data_dir / "secret.key").read_text() != key
    sluice.start()
    sluice.export("p", "SELECT 1 AS a", connection="lake", path=bucket.path("x"), file_template="f")
    assert bucket.keys() == ["x/f.csv"]
