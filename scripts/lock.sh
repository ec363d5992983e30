#!/usr/bin/env bash
# Resolve pyproject.toml into the hashed locks. Pins that still fit stay as they are;
# `scripts/lock.sh --upgrade` takes newer ones. The locks name no registry.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true

uv=$(type -P uv || echo .build/uv/bin/uv)
"$uv" --version >/dev/null || { echo "error: no uv; install it, or run make distclean setup" >&2; exit 1; }

resolve() {
  "$uv" pip compile --quiet --universal --generate-hashes --python-version 3.11 \
    --no-emit-index-url --no-header "$@"
}

# The build back end is locked, too, so that the editable install needs no network.
resolve pyproject.toml --group build --output-file requirements.lock "$@"
resolve pyproject.toml --group dev --output-file requirements-dev.lock "$@"
resolve - --output-file requirements-uv.lock "$@" <<<'uv==0.13.8'
