#!/usr/bin/env bash
# Install what Tandem needs into this checkout, and nothing outside it.
#
#   scripts/setup.sh demo    what `tandem` needs to run
#   scripts/setup.sh page    that, and what builds the page (app/)
#   scripts/setup.sh dev     that, and what tests and lint need (a superset, never downgraded)
#
# Python packages go to .venv (requirements*.lock), node packages to node_modules and
# app/node_modules (package-lock.json of each); all locks carry hashes. A stamp beside each holds the checksum of what
# was installed, so a second call does nothing, and needs no network.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly anvil_version=1.7.1
readonly python_stamp=.venv/.stamp-python
readonly project_stamp=.venv/.stamp-project
readonly node_stamp=node_modules/.stamp
readonly page_stamp=app/node_modules/.stamp

# Never fetch an interpreter behind the user's back, and never install into another environment.
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1
# Trust the certificates that the machine trusts: many networks sit behind a proxy of their own.
export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true NODE_USE_SYSTEM_CA=1
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT PYTHONPATH PYTHONHOME

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

checksum() { cat "$@" | cksum | tr ' ' '-'; }

# True when $1 runs and is a Python that every dependency has wheels for. Running it is the
# test: a version manager may leave a command on PATH that only prints an error.
is_usable_python() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' >/dev/null 2>&1
}

find_python() {
  local name path
  for name in python3.11 python3.12 python3 python; do
    while IFS= read -r path; do
      if is_usable_python "$path"; then
        "$path" -c 'import sys; print(sys.executable)'
        return
      fi
    done < <(type -ap "$name" || true)
  done
  fail "Tandem needs Python 3.11 or 3.12, and none of the Pythons on PATH is one that works." \
    "Debian 12:  apt install python3 python3-venv" \
    "Ubuntu:     apt install python3.12 python3.12-venv" \
    "Fedora:     dnf install python3.12" \
    "macOS:      brew install python@3.12"
}

# Sets uv to a uv that works: the one on PATH, else one installed under .build.
find_uv() {
  uv=$(type -P uv || true)
  if [[ -n $uv ]] && "$uv" --version >/dev/null 2>&1; then return; fi
  uv=.build/uv/bin/uv
  if [[ -x $uv ]] && "$uv" --version >/dev/null 2>&1; then return; fi
  say "the package installer uv (once, into .build)"
  rm -rf .build/uv
  "$1" -m venv .build/uv >/dev/null 2>&1 || fail \
    "$1 cannot create a virtual environment." \
    "Debian and Ubuntu ship that apart: apt install python3-venv"
  .build/uv/bin/python -m pip install -q --require-hashes -r requirements-uv.lock || fail \
    "uv could not be installed with pip." \
    "Check the network (or set PIP_INDEX_URL to a mirror), then run the command again."
}

venv_works() { [[ -x .venv/bin/python ]] && is_usable_python .venv/bin/python; }

install_python_packages() {
  local flavour=$1 lock key python
  # Whoever has the development set keeps it: it holds everything that the demo needs.
  if venv_works && grep -qs '^dev ' "$python_stamp"; then flavour=dev; fi
  lock=requirements.lock
  if [[ $flavour == dev ]]; then lock=requirements-dev.lock; fi
  key="$flavour $(checksum "$lock")"
  if venv_works && [[ -f $python_stamp && $(<"$python_stamp") == "$key" ]]; then return; fi

  python=$(find_python)
  find_uv "$python"
  if ! venv_works; then
    rm -rf .venv
    "$uv" venv -q --python "$python" .venv
  fi
  say "Python packages of $lock (about 0.7 GB in .venv the first time; a minute or two when" \
    "they have to be downloaded)"
  rm -f "$python_stamp" "$project_stamp"
  "$uv" pip sync -q --python .venv/bin/python --require-hashes "$lock" || fail \
    "the Python packages could not be installed." \
    "Check the network (or set UV_INDEX_URL to a mirror), then run the command again."
  printf '%s\n' "$key" >"$python_stamp"
}

# The checkout itself, editable: gives the command `tandem`. The build back end comes from the
# lock, so this step needs no network.
install_project() {
  local key
  key=$(checksum pyproject.toml)
  if [[ -f $project_stamp && $(<"$project_stamp") == "$key" ]]; then return; fi
  find_uv "$(find_python)"
  "$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation --offline -e .
  printf '%s\n' "$key" >"$project_stamp"
}

# Puts anvil beside the commands of the node packages.
link_anvil() {
  local binary
  binary=$(compgen -G 'node_modules/@foundry-rs/anvil-*/bin/anvil*' | head -n 1) || return 1
  mkdir -p node_modules/.bin
  ln -sf "../../$binary" node_modules/.bin/anvil
}

# Venue bytecode and the local node anvil; for `dev` the address books besides, which tests compare with.
# node and npm themselves come from .venv.
install_node_packages() {
  local key has=""
  local -a less=()
  key=$(checksum package.json package-lock.json .npmrc)
  if [[ -f $node_stamp ]]; then has=$(<"$node_stamp"); fi
  if [[ $has == "$key dev" || $has == "$key $1" ]]; then return; fi
  if [[ $1 == demo ]]; then less=(--omit=dev); fi
  say "venue bytecode and the local node anvil (about 0.2 GB in node_modules)"
  PATH=$PWD/.venv/bin:$PATH
  npm ci --silent --no-progress "${less[@]}" || fail \
    "the node packages could not be installed (npm ci)." \
    "Check the network (or set npm_config_registry to a mirror), then run the command again."
  if ! link_anvil; then
    npm install --silent --no-progress --no-save "@foundry-rs/anvil@$anvil_version" || fail \
      "anvil $anvil_version has no package for this platform." \
      "Install Foundry's anvil $anvil_version and put it on PATH."
    link_anvil
  fi
  printf '%s\n' "$key $1" >"$node_stamp"
}

# What the page is bundled from and with; for `dev` its compiler, and a browser that tests drive.
install_page_packages() {
  local flavour=$1 key has=""
  local -a less=()
  key=$(checksum app/package.json app/package-lock.json app/.npmrc)
  if [[ -f $page_stamp ]]; then has=$(<"$page_stamp"); fi
  # Whoever has the development set keeps it: it holds everything that the page is built with.
  if [[ $has == *" dev" ]]; then flavour=dev; fi
  if [[ $has == "$key $flavour" ]]; then return; fi
  if [[ $flavour == page ]]; then less=(--omit=dev); fi
  say "what the page is built with (about 0.1 GB in app/node_modules; with tests 0.2 GB)"
  PATH=$PWD/.venv/bin:$PATH
  (cd app && npm ci --silent --no-progress "${less[@]}") || fail \
    "the page's packages could not be installed (npm ci in app/)." \
    "Check the network (or set npm_config_registry to a mirror), then run the command again."
  printf '%s\n' "$key $flavour" >"$page_stamp"
}

case ${1:-} in
  demo | page | dev) ;;
  *) fail "usage: scripts/setup.sh demo|page|dev" ;;
esac
flavour=$1
if [[ $flavour == page ]]; then flavour=demo; fi
install_python_packages "$flavour"
install_project
install_node_packages "$flavour"
if [[ $1 != demo ]]; then install_page_packages "$1"; fi
