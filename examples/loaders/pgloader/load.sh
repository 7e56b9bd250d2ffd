#!/bin/sh
# Loads CSV files with pgloader: writes its load file and runs it. pgloader reads the records with one
# thread, and its writers (a connection each) send batches of them, one COPY each.
#
#   load.sh WORKERS BATCH_SIZE TABLE FILE...
#
# The server is the one of PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSFILE and PGSSLMODE.
set -u
. "$(dirname "$0")/../shell/trial.sh"

command -v pgloader >/dev/null || skip pgloader 'install it (Debian: apt-get install pgloader)'
command -v awk >/dev/null || skip awk 'install it (Debian: apt-get install mawk)'
[ $# -ge 4 ] || fail "expected WORKERS BATCH_SIZE TABLE FILE..., got $*"

workers=$1
batch_size=$2
table=$3
shift 3
positive "$workers" "$batch_size"
columns=$(columns_of "$@") || exit 1
case $columns in
*,*) ;;
*) fail 'pgloader passes over empty lines, each of which is a NULL in a file of one column; load it with another loader' ;;
esac
case ${PGSSLMODE=prefer} in
disable | allow | prefer | require) ;;
*) fail "PGSSLMODE: pgloader knows disable, allow, prefer and require, got $PGSSLMODE" ;;
esac

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# With "on error stop" pgloader makes one COPY of all batches of a writer. So it goes on after errors
# here, and the summary tells them: its exit code is 0 all the same.
cat >"$folder/csv.load" <<END
LOAD CSV
  FROM stdin WITH ENCODING utf-8
  HAVING FIELDS ($columns)
  INTO postgresql:///?sslmode=$PGSSLMODE
  TARGET TABLE $table
  TARGET COLUMNS ($columns)
  WITH fields optionally enclosed by '"', fields escaped by double-quote,
    fields terminated by ',', keep unquoted blanks,
    batch rows = $batch_size, workers = $((workers + 1)), concurrency = $workers, on error resume next;
END

echo ready
# The records of all files as one, since pgloader's summary tells only the last of several loads.
LC_ALL=C awk 'FNR > 1' "$@" |
  pgloader --quiet --root-dir="$folder/root/" --summary="$folder/summary.json" "$folder/csv.load" >&2 &
# In the background, so that a signal reaches this script, which then ends pgloader.
process=$!
trap 'kill "$process"; exit 1' HUP INT PIPE TERM
wait "$process" || fail 'pgloader failed'
grep -q '"ROWS"' "$folder/summary.json" || fail 'pgloader wrote no summary'
if grep -q '"ERRS":[1-9]' "$folder/summary.json"; then
  fail 'pgloader left out records (see above)'
fi
echo 'done'
