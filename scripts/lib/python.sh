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

# pypi_install NAME==VERSION: adds one more package to the environment, for a tool a machine lacks.
pypi_install() {
  "$tools/venv/bin/pip" install --disable-pip-version-check --no-input --timeout 20 --retries 1 \
    "$1" >>"$tools/venv.log" 2>&1
}
