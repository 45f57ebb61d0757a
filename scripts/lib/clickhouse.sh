# shellcheck shell=bash
# The ClickHouse server that Debian packages (18.16), to test with. Its package would make a service of it
# and a user; so only what the server needs is installed, and it itself is unpacked. Sourced, never run.
. "${BASH_SOURCE%/*}/packages.sh"

clickhouse_binary=$tools/clickhouse/usr/sbin/clickhouse-server

# prepare_clickhouse: makes sure that $clickhouse_binary is there and runs. Fails with the reason in
# $clickhouse_problem.
prepare_clickhouse() {
  clickhouse_problem=
  [[ -x $clickhouse_binary ]] && runs_clickhouse && return
  local log=$tools/clickhouse.log
  mkdir -p "$tools/clickhouse"
  # In a shell of its own: where this fails, the caller still has the other suites to run.
  if ! (install_packages "${clickhouse_libraries[@]}"); then
    clickhouse_problem="no ClickHouse server: apt-get does not give what it needs (${clickhouse_libraries[*]})"
    return 1
  fi
  say "unpacking the ClickHouse server for tests into ${tools#"$root"/}/clickhouse"
  if ! (cd "$tools/clickhouse" && apt-get -qq download clickhouse-server && dpkg -x clickhouse-server_*.deb . &&
    rm clickhouse-server_*.deb) >"$log" 2>&1; then
    clickhouse_problem="no ClickHouse server: apt-get does not give it: $(tail -n 1 "$log")"
    return 1
  fi
  if ! runs_clickhouse; then
    clickhouse_problem="no ClickHouse server: the one from apt-get does not run: $(grep -m 1 'not found' "$log")"
    return 1
  fi
}

# It has no option that does nothing, so ask the loader.
runs_clickhouse() {
  ldd "$clickhouse_binary" >"$tools/clickhouse.log" 2>&1 && ! grep 'not found' "$tools/clickhouse.log"
}
