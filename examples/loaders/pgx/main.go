// Loads CSV files with pgx's CopyFrom: one goroutine reads, one a worker encodes in binary and sends.
//
// Fields are handed to pgx as text, which it turns into the binary form of each column's type; times
// are parsed here, since pgx takes them only as PostgreSQL writes them (without the T).
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// A batch is the records of one COPY, and so of one transaction.
type batch [][]any

func main() {
	workers := flag.Int("workers", 0, "connections")
	batchSize := flag.Int("batch-size", 0, "records of one COPY")
	table := flag.String("table", "", `as SQL spells it, such as "my schema".records`)
	flag.Parse()
	if *workers < 1 || *batchSize < 1 || *table == "" || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := load(*workers, *batchSize, *table, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(workers, batchSize int, table string, files []string) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)

	columns, err := columnsOf(files)
	if err != nil {
		return err
	}
	connections := make([]*pgx.Conn, workers)
	for i := range connections {
		// Whom to connect to is in the environment, as libpq reads it.
		if connections[i], err = pgx.Connect(ctx, ""); err != nil {
			return err
		}
		defer connections[i].Close(context.Background())
	}
	name, err := identifier(ctx, connections[0], table)
	if err != nil {
		return err
	}

	converters, err := convertersOf(ctx, connections[0], table, columns)
	if err != nil {
		return err
	}

	fmt.Println("ready")
	batches := make(chan batch)
	var group sync.WaitGroup
	group.Go(func() {
		defer close(batches)
		if err := read(ctx, files, converters, batchSize, batches); err != nil {
			cancel(err)
		}
	})
	for _, connection := range connections {
		group.Go(func() {
			for records := range batches {
				if _, err := connection.CopyFrom(ctx, name, columns, pgx.CopyFromRows(records)); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	fmt.Println("done")
	return nil
}

// Returns the schema and the name, without quotes, of a table that is spelled as in SQL.
func identifier(ctx context.Context, connection *pgx.Conn, table string) (pgx.Identifier, error) {
	var schema, name string
	err := connection.QueryRow(ctx, `
		SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.oid = $1::text::regclass`, table).Scan(&schema, &name)
	return pgx.Identifier{schema, name}, err
}

// A converter turns a field into what pgx sends for it.
type converter func(text string) (any, error)

// Returns one converter a column of the table.
func convertersOf(ctx context.Context, connection *pgx.Conn, table string, columns []string) ([]converter, error) {
	zone, err := time.LoadLocation(connection.PgConn().ParameterStatus("TimeZone"))
	if err != nil {
		return nil, err
	}
	converters := make([]converter, len(columns))
	for i, column := range columns {
		var typeName string
		err := connection.QueryRow(ctx, `
			SELECT t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
			WHERE a.attrelid = $1::text::regclass AND a.attname = $2`, table, column).Scan(&typeName)
		if err != nil {
			return nil, fmt.Errorf("column %s of %s: %w", column, table, err)
		}
		switch typeName {
		case "timestamp":
			converters[i] = timeIn(time.UTC)
		case "timestamptz":
			converters[i] = timeIn(zone)
		default:
			converters[i] = func(text string) (any, error) { return text, nil }
		}
	}
	return converters, nil
}

// Takes ISO times; those without an offset are in the zone, as the server takes them.
func timeIn(zone *time.Location) converter {
	return func(text string) (any, error) {
		text = strings.Replace(text, "T", " ", 1)
		var parsed time.Time
		var err error
		for _, offset := range []string{"", "Z07", "Z07:00"} {
			if parsed, err = time.ParseInLocation("2006-01-02 15:04:05"+offset, text, zone); err == nil {
				return parsed, nil
			}
		}
		return nil, err
	}
}

// Returns the names in the header line, which has to be the same one in all files.
func columnsOf(files []string) ([]string, error) {
	var columns []string
	for i, path := range files {
		header, err := headerOf(path)
		if err != nil {
			return nil, err
		}
		if i > 0 && !slices.Equal(header, columns) {
			return nil, fmt.Errorf("%s: expected the columns of %s %q, got %q", path, files[0], columns, header)
		}
		columns = header
	}
	return columns, nil
}

func headerOf(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	fields, err := readRecord(bufio.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%s: no header line: %w", path, err)
	}
	header := make([]string, len(fields))
	for i, field := range fields {
		header[i], _ = field.(string)
	}
	return header, nil
}

// Hands out the records of all files in batches, until the context is cancelled.
func read(ctx context.Context, files []string, converters []converter, size int, batches chan<- batch) error {
	records := make(batch, 0, size)
	send := func() error {
		select {
		case batches <- records:
			records = make(batch, 0, size)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for _, path := range files {
		err := readFile(path, len(converters), func(record []any) error {
			for i, field := range record {
				if text, is := field.(string); is {
					value, err := converters[i](text)
					if err != nil {
						return err
					}
					record[i] = value
				}
			}
			records = append(records, record)
			if len(records) < size {
				return nil
			}
			return send()
		})
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if len(records) > 0 {
		return send()
	}
	return nil
}

func readFile(path string, width int, each func([]any) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := bufio.NewReaderSize(file, 1<<16)
	for number := 0; ; number++ {
		record, err := readRecord(reader)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && len(record) != width {
			err = fmt.Errorf("expected %d fields, got %d", width, len(record))
		}
		if err == nil && number > 0 {
			err = each(record)
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", number, err)
		}
	}
}

// Returns the fields of the next record: strings, and nil for NULL, which is an empty field without
// quotes. (encoding/csv does not tell it from an empty string.)
func readRecord(reader *bufio.Reader) ([]any, error) {
	line, err := reader.ReadString('\n')
	if line == "" {
		return nil, err
	}
	// A quote that is open at the end of a line goes on in the next one.
	for quotes := strings.Count(line, `"`); quotes%2 == 1; {
		next, _ := reader.ReadString('\n')
		if next == "" {
			return nil, errors.New("a quote is still open where the file ends")
		}
		line += next
		quotes += strings.Count(next, `"`)
	}
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")

	var fields []any
	for {
		var field any
		var rest string
		if strings.HasPrefix(line, `"`) {
			field, rest = cutQuoted(line[1:])
		} else {
			end := strings.IndexByte(line, ',')
			if end < 0 {
				end = len(line)
			}
			if end > 0 {
				field = line[:end]
			}
			rest = line[end:]
		}
		fields = append(fields, field)
		if rest == "" {
			return fields, nil
		}
		if rest[0] != ',' {
			return nil, fmt.Errorf("expected a comma after a quoted field, got %q", rest)
		}
		line = rest[1:]
	}
}

// Cuts a text at the quote that closes it; a doubled quote stands for one.
func cutQuoted(text string) (field, rest string) {
	end := 0
	for {
		end += strings.IndexByte(text[end:], '"')
		if !strings.HasPrefix(text[end+1:], `"`) {
			return strings.ReplaceAll(text[:end], `""`, `"`), text[end+1:]
		}
		end += 2
	}
}
