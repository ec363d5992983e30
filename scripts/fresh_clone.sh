#!/usr/bin/env bash
# Does the repository work for a stranger? Clones the committed state into an empty folder, on a
# PATH that holds one Python, make, git and the basic commands (no node, npm or uv), with an empty
# home, no caches and no virtual environment; runs README's commands, and the tests once more with
# the network off where this machine allows that.
#
#   scripts/fresh_clone.sh [--keep] [PYTHON]      PYTHON: python3.11 (default) or python3.12
set -euo pipefail

keep=
if [[ ${1:-} == --keep ]]; then keep=1 && shift; fi
python=${1:-python3.11}
source=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/tandem-fresh.XXXXXX")
cleanup() {
  if [[ -n $keep ]]; then echo "kept: $folder"; else rm -rf "$folder"; fi
}
trap cleanup EXIT

# A PATH of links to exactly what may be there.
commands=(
  awk basename bash cat chmod cksum cmp cp cut date dirname env expr false find getconf git grep
  head hostname id kill ln ls make mkdir mktemp mv nproc ps pwd readlink rm rmdir sed seq sh sleep
  sort stat tail tar tee test touch tr true uname uniq wc which xargs
)
mkdir "$folder/bin" "$folder/home"
for name in "${commands[@]}"; do
  if path=$(type -P "$name"); then ln -s "$path" "$folder/bin/$name"; fi
done
found=
while IFS= read -r path; do
  if "$path" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    found=$("$path" -c 'import sys; print(sys.executable)')
    break
  fi
done < <(type -ap "$python")
[[ -n $found ]] || { echo "error: no working $python with venv on PATH" >&2; exit 1; }
ln -s "$found" "$folder/bin/$python"

# Where packages come from and which certificates hold is the machine's; nothing else is kept.
environment=("HOME=$folder/home" "PATH=$folder/bin" "LANG=C.UTF-8")
for name in $(compgen -e); do
  case $name in
    *_proxy | *_PROXY | SSL_CERT_* | NODE_EXTRA_CA_CERTS | PIP_CERT | PIP_INDEX_URL | \
      PIP_EXTRA_INDEX_URL | UV_INDEX_URL | UV_DEFAULT_INDEX | npm_config_registry)
      environment+=("$name=${!name}")
      ;;
  esac
done

git clone -q --no-local "$source" "$folder/tandem"
cd "$folder/tandem"
if git -C "$source" status --porcelain | grep -q .; then
  echo "note: what is not committed is not part of this check"
fi

status=0
declare -a report
timed() {
  local name=$1 started=$SECONDS outcome=ok
  shift
  printf '\n### %s\n' "$name"
  "$@" || { outcome=FAILED && status=1; }
  report+=("$(printf '%-34s %-7s %4d s' "$name" "$outcome" "$((SECONDS - started))")")
}

timed "make demo, cold" env -i "${environment[@]}" make demo
timed "make demo, warm" env -i "${environment[@]}" make demo
timed "make test" env -i "${environment[@]}" make test
timed "make demo after make test" env -i "${environment[@]}" make demo
if unshare -n true 2>/dev/null && type -P ip >/dev/null; then
  # A network name space of its own: the loopback interface and nothing else.
  timed "make demo, network off" unshare -n bash -c 'ip link set lo up && exec "$@"' _ \
    env -i "${environment[@]}" make demo
  timed "make test, network off" unshare -n bash -c 'ip link set lo up && exec "$@"' _ \
    env -i "${environment[@]}" make test
else
  dead=http://127.0.0.1:9
  timed "make test, proxies at a dead port" env -i "${environment[@]}" \
    "http_proxy=$dead" "https_proxy=$dead" "HTTP_PROXY=$dead" "HTTPS_PROXY=$dead" \
    "no_proxy=127.0.0.1,localhost" make test
fi
timed "git sees no change" test -z "$(git status --porcelain)"

printf '\n'
printf '%s\n' "${report[@]}"
exit "$status"
