# shellcheck shell=bash
# The Python that the end-to-end suite runs with: a virtual environment of pinned packages in
# build/tools/venv. Sourced, never run.
. "${BASH_SOURCE%/*}/packages.sh"

requirements=$root/tests/e2e/requirements.txt

# prepare_python: prints the interpreter to use. Without PyPI that is the system's, with Debian's
# versions of the same packages.
prepare_python() {
  local venv=$tools/venv
  if ! cmp -s "$requirements" "$venv/installed.txt"; then
    say "making the tests' Python environment in ${venv#"$root"/}"
    mkdir -p "$tools"
    # A failed attempt leaves its last lines, which name the reason.
    if python3 -m venv --clear "$venv" >"$tools/venv.log" 2>&1 &&
      "$venv/bin/pip" install --disable-pip-version-check --no-input --timeout 20 --retries 1 \
        -r "$requirements" >>"$tools/venv.log" 2>&1; then
      cp "$requirements" "$venv/installed.txt"
    else
      warn "PyPI gives no test packages ($(tail -n 1 "$tools/venv.log")); using Debian's instead"
      rm -rf "$venv"
      # In a shell of its own: where this fails, the caller still has the other suites to run.
      (install_packages "${fallback_python_packages[@]}") || return 1
      echo /usr/bin/python3
      return
    fi
  fi
  echo "$venv/bin/python"
}

# prepare_clients: installs the clients that the suite drives, each on its own: the command line client
# in build/tools/cli (its pins are not the suite's), the JavaScript one in build/tools/js. Where one
# can't be had, client_problem says why, and its tests are skipped with that reason.
client_problem=
prepare_clients() {
  local pins=$root/tests/e2e/clients
  if ! cmp -s "$pins/cli-requirements.txt" "$tools/cli/installed.txt"; then
    say "installing the command line client in ${tools#"$root"/}/cli"
    if python3 -m venv --clear "$tools/cli" >"$tools/cli.log" 2>&1 &&
      "$tools/cli/bin/pip" install --disable-pip-version-check --no-input --timeout 20 --retries 1 \
        -r "$pins/cli-requirements.txt" >>"$tools/cli.log" 2>&1; then
      cp "$pins/cli-requirements.txt" "$tools/cli/installed.txt"
    else
      client_problem="PyPI does not give the command line client: $(tail -n 1 "$tools/cli.log")"
      rm -rf "$tools/cli"
    fi
  fi
  cmp -s "$pins/package-lock.json" "$tools/js/installed.json" && return
  say "installing the JavaScript client in ${tools#"$root"/}/js"
  rm -rf "$tools/js" && mkdir -p "$tools/js" && cp "$pins"/package*.json "$tools/js/"
  command -v npm >/dev/null || (install_packages nodejs npm) || true
  if (cd "$tools/js" && npm ci --ignore-scripts --no-audit --no-fund) >"$tools/js.log" 2>&1; then
    cp "$pins/package-lock.json" "$tools/js/installed.json"
  else
    client_problem+=" The npm registry does not give the JavaScript client: $(tail -n 1 "$tools/js.log")"
    rm -rf "$tools/js"
  fi
}

# pypi_install NAME==VERSION: adds one more package to the environment, for a tool a machine lacks.
pypi_install() {
  "$tools/venv/bin/pip" install --disable-pip-version-check --no-input --timeout 20 --retries 1 \
    "$1" >>"$tools/venv.log" 2>&1
}
