#!/usr/bin/env bash
# Brings the tools that the suites of rules, dashboards and chart run for real: promtool, prometheus, alertmanager and amtool
# from Debian's packages (unpacked, not installed: no service starts), helm and kubeconform from their Go modules, and
# JSON schemas of the Kubernetes kinds the chart uses, made from Kubernetes' own Go types.
# Idempotent. What cannot be had is said loudly; with PLUMBLINE_REQUIRE_ALL=1 it is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=${PLUMBLINE_TOOLS:-$PWD/.cache/tools}
bin=$tools/bin
mkdir -p "$bin"

HELM=v3.16.4
KUBECONFORM=v0.6.7
missing=0

unobtainable() {
  echo "NOT OBTAINABLE: $1 ($2); its suites are skipped" >&2
  missing=1
}

from_debian() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  local scratch
  scratch=$(mktemp -d)
  # The list of packages may be older than the packages.
  (cd "$scratch" && (apt-get download -qq "$@" 2>/dev/null || (apt-get update -qq && apt-get download -qq "$@")) >/dev/null 2>&1) || return 1
  for package in "$scratch"/*.deb; do dpkg -x "$package" "$tools/debian" || return 1; done
  rm -rf "$scratch"
}

if [ ! -x "$bin/promtool" ] || [ ! -x "$bin/alertmanager" ]; then
  if from_debian prometheus prometheus-alertmanager; then
    for name in prometheus promtool amtool; do ln -sf "../debian/usr/bin/$name" "$bin/$name"; done
    ln -sf ../debian/usr/bin/prometheus-alertmanager "$bin/alertmanager"
  else
    unobtainable "prometheus, promtool, alertmanager, amtool" "needs apt-get and dpkg"
  fi
fi

# Debian's alertmanager reads its default templates from this place, whatever its configuration says.
templates=/usr/share/prometheus/alertmanager
if [ -x "$bin/alertmanager" ] && [ ! -e "$templates/email.tmpl" ]; then
  mkdir -p "$templates" 2>/dev/null && cp "$tools/debian$templates"/*.tmpl "$templates/" 2>/dev/null ||
    { rm -f "$bin/alertmanager"; unobtainable alertmanager "$templates is not writable: install Debian's prometheus-alertmanager"; }
fi

go_tool() {
  local name=$1 module=$2
  [ -x "$bin/$name" ] && return
  command -v go >/dev/null || { unobtainable "$name" "needs go"; return; }
  GOBIN=$bin go install "$module" 2>"$tools/$name.log" || unobtainable "$name" "$(tail -1 "$tools/$name.log")"
}

go_tool kubeconform "github.com/yannh/kubeconform/cmd/kubeconform@$KUBECONFORM"
go_tool helm "helm.sh/helm/v3/cmd/helm@$HELM"

# Made again whenever the program that makes them or its versions change.
sources=(test/helm/schemas/main.go test/helm/schemas/go.mod test/helm/schemas/go.sum)
stamp=$(cat "${sources[@]}" | sha256sum | cut -c1-16)
if [ "$(cat "$tools/schemas/stamp" 2>/dev/null)" != "$stamp" ]; then
  if ! command -v go >/dev/null; then
    unobtainable "Kubernetes schemas" "needs go"
  elif (cd test/helm/schemas && go run . "$tools/schemas") 2>"$tools/schemas.log"; then
    echo "$stamp" >"$tools/schemas/stamp"
  else
    unobtainable "Kubernetes schemas" "$(tail -1 "$tools/schemas.log")"
  fi
fi

for name in "$bin"/*; do echo "$(basename "$name") $("$name" --version 2>/dev/null | head -1 || true)"; done
[ $missing -eq 0 ] || [ "${PLUMBLINE_REQUIRE_ALL:-}" != 1 ]
