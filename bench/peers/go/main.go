// Sends blocks that are in memory, each a whole stream of COPY in binary, by pgx: a goroutine a connection.
//
// A block goes to pgx's CopyFrom as a reader. Connects by the PG* variables.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

func main() {
	workers := flag.Int("workers", 1, "connections")
	table := flag.String("table", "", "as SQL spells it")
	parts := flag.String("parts", "", "folder of 00000.bin, 00001.bin, …")
	flag.Parse()
	if err := load(*workers, *table, *parts); err != nil {
		fmt.Fprintln(os.Stderr, strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
}

func load(workers int, table, parts string) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	var columns []string
	if err := json.Unmarshal([]byte(os.Getenv("COPYLAB_COLUMNS")), &columns); err != nil {
		return fmt.Errorf("COPYLAB_COLUMNS: %w", err)
	}
	for i, column := range columns {
		columns[i] = pgx.Identifier{column}.Sanitize()
	}
	statement := fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT binary)", table, strings.Join(columns, ", "))

	// Sorted by name.
	files, err := filepath.Glob(filepath.Join(parts, "*.bin"))
	if err != nil {
		return err
	}
	blocks := make(chan []byte, len(files))
	for _, file := range files {
		block, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		blocks <- block
	}
	close(blocks)
	connections := make([]*pgx.Conn, workers)
	for i := range connections {
		if connections[i], err = pgx.Connect(ctx, ""); err != nil {
			return err
		}
		defer connections[i].Close(context.Background())
	}

	fmt.Println("ready")
	var group sync.WaitGroup
	for _, connection := range connections {
		group.Go(func() {
			for block := range blocks {
				if _, err := connection.PgConn().CopyFrom(ctx, bytes.NewReader(block), statement); err != nil {
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
