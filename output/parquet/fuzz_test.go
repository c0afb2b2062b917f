package parquet

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"

	"entrepot/experiment"
	"entrepot/internal/spoil"
)

// A Parquet file that a disk has damaged, or that others wrote, is an error or rows, never the end of the program, and takes room as good ones do.
func parquetOfAnything(t *testing.T, data string) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	defer func() {
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<29 {
			t.Errorf("a file of %d bytes took %d MB", len(data), took>>20)
		}
	}()
	file := bytes.NewReader([]byte(data))
	r, err := NewReader(file, int64(len(data)))
	if err != nil {
		return
	}
	defer r.Close()
	rows := experiment.NewRows(r.Table())
	for range 100 { // a few bytes may claim any number of rows
		rows.Reset()
		n, err := r.Read(&rows, 256)
		if errors.Is(err, io.EOF) || err != nil {
			return
		}
		if err := rows.Check(r.Table()); err != nil || n != rows.Len(r.Table()) {
			t.Fatalf("%d rows: %v", n, err)
		}
	}
}

func parquetSeeds(t testing.TB) []string {
	return []string{string(write(t, every(), many(0))), string(write(t, every(), many(3))), string(write(t, every(), many(200))), string(write(t, every(), many(2000), many(10)))}
}

func FuzzRead(f *testing.F) {
	for _, s := range parquetSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(parquetOfAnything)
}

func TestFilesNearGoodOnesAreAnErrorOrRows(t *testing.T) {
	spoil.Each(t, 2000, parquetSeeds(t), parquetOfAnything)
}
