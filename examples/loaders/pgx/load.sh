#!/bin/sh
# Builds the loader, which Go does once and then takes from its cache, and runs it with the same arguments.
set -eu

command -v go >/dev/null || {
  echo "go is missing: install Go 1.25 or later (https://go.dev/dl)" >&2
  exit 77
}
here=$(cd "$(dirname "$0")" && pwd)
(cd "$here" && go build -o load .) || {
  echo "pgx cannot be built: Go and a way to its module proxy are needed (see above)" >&2
  exit 77
}
exec "$here/load" "$@"
