"""Sluice with a ClickHouse cluster, as the tests of the engine use it."""
import urllib.parse


def cluster_url(server, name="ch", user=None, password=None):
    """What --clickhouse is given for a ClickHouse server of the tests."""
    user, password = (urllib.parse.quote(text, safe="") for text in (user or server.user, password or server.password))
    return f"{name}=http://{user}:{password}@127.0.0.1:{server.port}/default"


def start_with_cluster(make_sluice, server, *args, **more):
    """A running Sluice that knows the server as `ch`, with a local connection `disk`."""
    sluice = make_sluice(args=["--clickhouse", cluster_url(server), *args], **more).start()
    sluice.make_local()
    return sluice


def make_cluster_pipe(sluice, name, sql, **more):
    return sluice.api("POST", "/v0/pipes", data={"name": name, "sql": sql, "engine": "ch", **more})


def export_cluster(sluice, pipe, sql, status="done", **sink):
    """A pipe on the cluster, its sink and one run; returns the job."""
    make_cluster_pipe(sluice, pipe, sql)
    sluice.make_sink(pipe, **{"connection": "disk", "path": f"local://{pipe}", "file_template": "f", **sink})
    return sluice.wait(sluice.run(pipe), status)


def files_of(sluice, pipe):
    """{name: bytes} of what the pipe has written."""
    start = f"{pipe}/"
    return {name.removeprefix(start): body for name, body in sluice.local_files().items() if name.startswith(start)}
