#!/bin/sh
# Loads CSV files with psql: each worker is one psql, which reads from its standard input a COPY for
# every batch that is its turn. A filter in awk finds where records end (a quoted field may hold line
# ends), so every worker reads all files and sends its share of the batches.
#
#   load.sh WORKERS BATCH_SIZE TABLE FILE...
#
# The server is the one of PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSFILE and PGSSLMODE.
set -u
. "$(dirname "$0")/../shell/trial.sh"

command -v psql >/dev/null || skip psql "install PostgreSQL's client programs (Debian: apt-get install postgresql-client)"
command -v awk >/dev/null || skip awk 'install it (Debian: apt-get install mawk)'
[ $# -ge 4 ] || fail "expected WORKERS BATCH_SIZE TABLE FILE..., got $*"

workers=$1
batch_size=$2
table=$3
shift 3
positive "$workers" "$batch_size"
columns=$(columns_of "$@") || exit 1

for file; do
  # psql would take this line, even within quotes, for the end of the data, and what follows it for SQL.
  if LC_ALL=C tr -d '\r' <"$file" | grep -q '^\\\.$'; then
    fail "$file: a line that is only \\. would end psql's data; load it with another loader"
  fi
done

# Prints the batches whose turn it is ($1, from 0), each as a COPY.
batches() {
  turn=$1
  shift
  copy="COPY $table ($columns) FROM STDIN (FORMAT csv);" workers=$workers size=$batch_size turn=$turn LC_ALL=C exec awk '
    FNR == 1 && !is_open { next }
    !is_open {
      is_mine = int(records / ENVIRON["size"]) % ENVIRON["workers"] == ENVIRON["turn"]
      if (is_mine && records % ENVIRON["size"] == 0) print (copies++ ? "\\.\n" : "") ENVIRON["copy"]
      records++
    }
    {
      line = $0
      if (gsub(/"/, "") % 2) is_open = !is_open
      if (!is_open) sub(/\r$/, "", line)
      if (is_mine) print line
    }
    END {
      if (is_open) {
        print "a quote is still open where the files end" >"/dev/stderr"
        exit 1
      }
      if (copies) print "\\."
    }
  ' "$@"
}

pipes=$(mktemp -d) || exit 1
processes=
trap 'rm -rf "$pipes"' EXIT
# Unquoted, since they are several.
trap 'kill $processes 2>/dev/null; exit 1' HUP INT PIPE TERM

echo ready
turn=0
while [ "$turn" -lt "$workers" ]; do
  mkfifo "$pipes/$turn" || exit 1
  batches "$turn" "$@" >"$pipes/$turn" &
  processes="$processes $!"
  PGCLIENTENCODING=UTF8 psql --no-psqlrc --quiet --no-password --set ON_ERROR_STOP=1 --file - <"$pipes/$turn" &
  processes="$processes $!"
  turn=$((turn + 1))
done
failures=0
for process in $processes; do
  wait "$process" || failures=$((failures + 1))
done
[ "$failures" -eq 0 ] || fail 'not everything was loaded (see above)'
echo 'done'
