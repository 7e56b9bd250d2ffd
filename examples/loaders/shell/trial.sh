# shellcheck shell=sh
# What the shell loaders of this folder have in common. Read by them with `.`.

# Ends the program as one that cannot run here: $1 is missing, and $2 installs it.
skip() {
  echo "$1 is missing: $2" >&2
  exit 77
}

fail() {
  echo "$1" >&2
  exit 1
}

# Goes on only where the program $1 is there, which $2 installs.
needs() {
  command -v "$1" >/dev/null || skip "$1" "$2"
}

# Reads WORKERS BATCH_SIZE TABLE FILE... into `workers`, `batch_size`, `table` and `columns`.
read_arguments() {
  [ $# -ge 4 ] || fail "expected WORKERS BATCH_SIZE TABLE FILE..., got $*"
  positive "$1" "$2"
  workers=$1
  batch_size=$2
  table=$3
  shift 3
  columns=$(columns_of "$@") || exit 1
}

# Refuses arguments that are not whole numbers from 1.
positive() {
  for number; do
    case $number in
    '' | 0* | *[!0-9]*) fail "expected a whole number from 1, got $number" ;;
    esac
  done
}

header_of() {
  head -n 1 "$1" | tr -d '\r'
}

# Prints the columns of the files, which have the same header line, as SQL spells them.
columns_of() {
  for file; do
    [ -r "$file" ] || fail "$file: expected a file that can be read"
    [ "$(header_of "$file")" = "$(header_of "$1")" ] || fail "$file: expected the header line of $1, $(header_of "$1")"
  done
  case $(header_of "$1") in
  *'"'*) fail "$1: expected column names without quotes, got $(header_of "$1")" ;;
  esac
  header_of "$1" | sed 's/,/", "/g; s/.*/"&"/'
}
