#!/bin/sh
# Loads CSV files with psql: each worker is one psql, which gets a \copy for every batch that is its
# turn, and the batch by a named pipe: data between its commands would end with a line \., which psql
# before version 18 also sends to the server, and PostgreSQL 18 takes for a record. A filter in awk
# finds where records end (a quoted field may hold line ends), so every worker reads all files and
# sends its share of the batches.
#
#   load.sh WORKERS BATCH_SIZE TABLE FILE...
#
# The server is the one of PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSFILE and PGSSLMODE.
set -u
. "$(dirname "$0")/../shell/trial.sh"

needs psql "install PostgreSQL's client programs (Debian: apt-get install postgresql-client)"
needs awk 'install it (Debian: apt-get install mawk)'
read_arguments "$@"
shift 3

for file; do
  # psql would take this line, even within quotes, for the end of the data, and what follows it for SQL.
  if LC_ALL=C tr -d '\r' <"$file" | grep -q '^\\\.$'; then
    fail "$file: a line that is only \\. would end psql's data; load it with another loader"
  fi
done

# Prints a \copy for each of the batches whose turn it is ($1, from 0), and writes the batch to one of
# two pipes in turn: the next one is opened once psql has read the last one to its end.
batches() {
  turn=$1
  shift
  copy="\\copy $table ($columns) FROM" pipe=$pipes/$turn workers=$workers size=$batch_size turn=$turn LC_ALL=C exec awk '
    FNR == 1 && !is_open { next }
    !is_open {
      is_mine = int(records / ENVIRON["size"]) % ENVIRON["workers"] == ENVIRON["turn"]
      if (is_mine && records % ENVIRON["size"] == 0) {
        if (copies) close(pipe)
        pipe = ENVIRON["pipe"] "." copies++ % 2
        quoted = pipe
        gsub(/\047/, "\047\047", quoted)
        print ENVIRON["copy"] " \047" quoted "\047 (FORMAT csv)"
        fflush()
      }
      records++
    }
    {
      line = $0
      if (gsub(/"/, "") % 2) is_open = !is_open
      if (!is_open) sub(/\r$/, "", line)
      if (is_mine) print line >pipe
    }
    END {
      if (is_open) {
        print "a quote is still open where the files end" >"/dev/stderr"
        exit 1
      }
    }
  ' "$@"
}

pipes=$(mktemp -d) || exit 1
filters=
clients=
trap 'rm -rf "$pipes"' EXIT
# Unquoted, since they are several.
trap 'kill $filters $clients 2>/dev/null; exit 1' HUP INT PIPE TERM

echo ready
turn=0
while [ "$turn" -lt "$workers" ]; do
  mkfifo "$pipes/$turn" "$pipes/$turn.0" "$pipes/$turn.1" || exit 1
  batches "$turn" "$@" >"$pipes/$turn" &
  filters="$filters $!"
  PGCLIENTENCODING=UTF8 psql --no-psqlrc --quiet --no-password --set ON_ERROR_STOP=1 --file - <"$pipes/$turn" &
  clients="$clients $!"
  turn=$((turn + 1))
done
failures=0
# Unquoted, as above.
set -- $filters
for client in $clients; do
  if ! wait "$client"; then
    failures=$((failures + 1))
    # It may wait for a reader of its pipe.
    kill "$1" 2>/dev/null
  fi
  wait "$1" || failures=$((failures + 1))
  shift
done
[ "$failures" -eq 0 ] || fail 'not everything was loaded (see above)'
echo 'done'
