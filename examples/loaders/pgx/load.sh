#!/bin/sh
# Builds the loader, which Go does once and then takes from its cache, and runs it with the same arguments.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../shell/trial.sh"

needs go 'install Go 1.25 or later (https://go.dev/dl)'
(cd "$here" && go build -o load .) || skip 'a build of pgx' "Go 1.25 and a way to its module proxy are needed (see above)"
exec "$here/load" "$@"
