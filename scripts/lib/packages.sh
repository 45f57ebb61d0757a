# shellcheck shell=bash
# The Debian packages that Sluice is built, shown and tested with: the only list of them (the
# Dockerfile's build stage comes here, too). Sourced, never run.
. "${BASH_SOURCE%/*}/common.sh"

build_packages=(
  cmake ninja-build g++ pkg-config
  libcpp-httplib-dev libcurl4-openssl-dev libssl-dev zlib1g-dev
  libsqlitecpp-dev libsqlite3-dev
  nlohmann-json3-dev libpugixml-dev libhowardhinnant-date-dev
  libcli11-dev libspdlog-dev libfmt-dev libre2-dev
  libisal-dev libdeflate-dev libzstd-dev libbrotli-dev liblzma-dev libbz2-dev liblz4-dev libsnappy-dev
  libgtest-dev libgmock-dev
)
# To make the example database and to talk to the server.
demo_packages=(sqlite3 curl jq xz-utils ca-certificates)
# For the test suites only.
test_packages=(python3 python3-venv clang-format clang-tidy libfaketime shellcheck zstd brotli lz4 bzip2)
# What Debian's ClickHouse server needs, without its package (clickhouse.sh says why).
clickhouse_libraries=(clickhouse-common libpocoutil80)
# Stand in for the pinned Python packages where PyPI can't be reached.
fallback_python_packages=(python3-pytest python3-pytest-timeout python3-requests python3-boto3)

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# install_packages NAME...: installs those that are missing; does nothing, and needs no network,
# when all are there.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    warn "this is not a Debian machine: make sure you have what these packages hold: $*"
    return
  fi
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      die "these Debian packages are missing, and there is no sudo to install them with; as root, run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages${as_root[*]:+ with sudo}: ${missing[*]}"
  local log
  log=$(mktemp)
  "${as_root[@]}" apt-get -qq update >"$log" 2>&1 ||
    warn "apt-get update failed ($(tail -n 1 "$log")); going on with the package lists that are there"
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
    --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install: ${missing[*]}"
  fi
  rm -f "$log"
}
