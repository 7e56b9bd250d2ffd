#!/bin/sh
# Loads CSV files with pgloader: writes its load file and runs it. pgloader reads the records with one
# thread, and its writers (a connection each) send batches of them, one COPY each.
#
#   load.sh WORKERS BATCH_SIZE TABLE FILE...
#
# The server is the one of PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSFILE and PGSSLMODE.
set -u
. "$(dirname "$0")/../shell/trial.sh"

needs pgloader 'install it (Debian: apt-get install pgloader)'
needs awk 'install it (Debian: apt-get install mawk)'
read_arguments "$@"
shift 3
case ${PGSSLMODE=prefer} in
disable | allow | prefer | require) ;;
*) fail "PGSSLMODE: pgloader knows disable, allow, prefer and require, got $PGSSLMODE" ;;
esac
# By itself pgloader would take the database that has the user's name.
case ${PGDATABASE-} in
*[!A-Za-z0-9_-]*) fail "PGDATABASE: pgloader takes letters, digits, _ and - in it, got $PGDATABASE" ;;
esac

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# With "on error stop" pgloader would make one COPY of all batches of a writer, so it goes on after errors.
cat >"$folder/csv.load" <<END
LOAD CSV
  FROM stdin WITH ENCODING utf-8
  HAVING FIELDS ($columns)
  INTO postgresql:///${PGDATABASE-}?sslmode=$PGSSLMODE
  TARGET TABLE $table
  TARGET COLUMNS ($columns)
  WITH fields optionally enclosed by '"', fields escaped by double-quote,
    fields terminated by ',', keep unquoted blanks,
    batch rows = $batch_size, workers = $((workers + 1)), concurrency = $workers, on error resume next,
    quote identifiers;
END

echo ready
# All files as one, since pgloader's summary tells only the last of several loads. The records are
# counted, since pgloader ends with exit code 0 whatever it left out.
LC_ALL=C awk -v count="$folder/count" '
  FNR == 1 && !is_open { next }
  {
    print
    if (!is_open) records++
    if (gsub(/"/, "") % 2) is_open = !is_open
  }
  END { print records + 0 >count }
' "$@" |
  pgloader --quiet --root-dir="$folder/root/" --summary="$folder/summary.json" "$folder/csv.load" >&2 &
# In the background, so that a signal reaches this script, which then ends pgloader.
process=$!
trap 'kill "$process"; exit 1' HUP INT PIPE TERM
wait "$process" || fail 'pgloader failed'
records=$(cat "$folder/count")
loaded=$(sed -n 's/.*"DATA":\[\[{[^}]*"ROWS":\([0-9]*\).*/\1/p' "$folder/summary.json")
[ "$loaded" = "$records" ] || fail "pgloader loaded ${loaded:-an unknown number} of $records records (see above)"
echo 'done'
