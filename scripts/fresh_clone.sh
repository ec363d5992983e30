#!/usr/bin/env bash
# Does the repository work for a stranger? Clones the committed state into an empty folder, on a
# PATH that holds one Python, make, git and the basic commands (no node, npm or uv), with an empty
# home, no caches and no virtual environment; mints an option on a market that it has just opened, runs
# README's commands, and the tests once more with the network off where this machine allows that. What a
# stranger waits for has a bound: four minutes from nothing to the option, three for a first demo, 45 s after.
#
#   scripts/fresh_clone.sh [--keep] [--first] [PYTHON]      PYTHON: python3.11 (default) or python3.12
#
# --first ends after the option and the demos. A market of the default port must not run meanwhile.
set -euo pipefail

keep='' first=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --keep) keep=1 ;;
    --first) first=1 ;;
    *) echo "error: no option $1" >&2 && exit 2 ;;
  esac
  shift
done
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
  within 86400 "$@"
}

# Within so many seconds, or it failed.
within() {
  local most=$1 name=$2 started=$SECONDS outcome=ok
  shift 2
  printf '\n### %s\n' "$name"
  "$@" || { outcome=FAILED && status=1; }
  local took=$((SECONDS - started))
  if ((took > most)); then outcome=LATE && status=1; fi
  report+=("$(printf '%-34s %-7s %4d s' "$name" "$outcome" "$took")")
}

# `make up`, and in a second terminal `tandem mint`, as soon as it works.
first_option() {
  set -m
  env -i "${environment[@]}" make up >"$folder/up.log" 2>&1 &
  local up=$! outcome=0
  set +m
  until env -i "${environment[@]}" .venv/bin/tandem mint ATM-21D-C 1 --yes 2>/dev/null; do
    if ! kill -0 "$up" 2>/dev/null; then
      cat "$folder/up.log"
      return 1
    fi
    sleep 1
  done
  kill -TERM -- "-$up"
  wait "$up" || outcome=$?
  [[ $outcome == 0 || $outcome == 2 || $outcome == 143 ]] # make ends with 2 where what it runs was told to
}

# Nothing of the repository is there but its files: what git did took a second.
within 240 "from nothing to a minted option" first_option
rm -rf .venv node_modules app/node_modules app/dist .cache
within 180 "make demo, cold" env -i "${environment[@]}" make demo
within 45 "make demo, warm" env -i "${environment[@]}" make demo
if [[ -n $first ]]; then
  printf '\n'
  printf '%s\n' "${report[@]}"
  exit "$status"
fi
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
