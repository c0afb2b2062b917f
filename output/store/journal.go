package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"entrepot/experiment"
	"entrepot/output/manifest"
)

// The journal is one file to which records are only appended: a line that names the format, then frames. A frame is a mark, the
// length of its record, the record's CRC-32C laid over the length, and the record, whose first byte says what it is. The first record is a manifest
// without files; one more follows where the number of runs that are asked for has changed.
const (
	frameHead = 12 // mark, length, checksum
	maxRecord = 1 << 30
)

// mark begins a frame, so that good records behind a damaged one are found again.
func mark() []byte { return []byte("\xe1run") }

// Kinds of records.
const (
	headRecord = 'h'
	runRecord  = 'r'
)

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// frame makes a frame of room for its head and a record behind it.
func frame(b []byte) []byte {
	copy(b, mark())
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-frameHead))
	binary.LittleEndian.PutUint32(b[8:], checksum(b[frameHead:])^uint32(len(b)-frameHead))
	return b
}

// newFrame returns room for a frame's head and the kind of its record.
func newFrame(b []byte, kind byte) []byte {
	return append(append(b[:0], make([]byte, frameHead)...), kind)
}

// window reads a file in large pieces, from any place.
type window struct {
	file io.ReaderAt
	size int64
	from int64
	buf  []byte
}

// at returns up to n bytes from a place; they are valid until the next call.
func (w *window) at(off int64, n int) ([]byte, error) {
	n = int(min(int64(n), w.size-off))
	if off < w.from || off+int64(n) > w.from+int64(len(w.buf)) {
		want := int(min(int64(max(n, 1<<16)), w.size-off))
		if cap(w.buf) < want {
			w.buf = make([]byte, want)
		}
		w.buf, w.from = w.buf[:want], off
		if _, err := w.file.ReadAt(w.buf, off); err != nil && !errors.Is(err, io.EOF) {
			w.buf = w.buf[:0]
			return nil, err
		}
	}
	return w.buf[off-w.from:][:n], nil
}

// frame returns the record of the frame at a place, or nil where there is none or it is not whole.
func (w *window) frame(off int64) ([]byte, error) {
	head, err := w.at(off, frameHead)
	if err != nil || len(head) < frameHead || !bytes.Equal(head[:4], mark()) {
		return nil, err
	}
	n, sum := binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[8:])
	if n == 0 || n > maxRecord || off+frameHead+int64(n) > w.size {
		return nil, nil
	}
	record, err := w.at(off+frameHead, int(n))
	if err != nil || len(record) < int(n) || checksum(record)^n != sum {
		return nil, err
	}
	return record, nil
}

// next returns the place of the first mark from a place on, or the file's size.
func (w *window) next(off int64) (int64, error) {
	for off < w.size {
		b, err := w.at(off, 1<<16)
		if err != nil {
			return 0, err
		}
		if i := bytes.Index(b, mark()); i >= 0 {
			return off + int64(i), nil
		}
		if off += int64(len(b)); off < w.size {
			off -= int64(len(mark()) - 1)
		}
	}
	return w.size, nil
}

// scan calls do with every good record of a journal and its place, in the order of the file, and returns where the last of them
// ends. What is damaged is passed over: a record that was being written when the program ended, at the end; or anywhere, what
// a disk has lost.
func scan(file io.ReaderAt, size int64, do func(off int64, record []byte) error) (end int64, err error) {
	w := &window{file: file, size: size}
	magic, err := w.at(0, len(manifest.JournalMagic))
	if err != nil {
		return 0, err
	}
	if string(magic) != manifest.JournalMagic {
		return 0, fmt.Errorf("must begin with %q, got %q", manifest.JournalMagic, magic)
	}
	end = int64(len(manifest.JournalMagic))
	for off := end; off < size; {
		record, err := w.frame(off)
		switch {
		case err != nil:
			return 0, err
		case record == nil:
			if off, err = w.next(off + 1); err != nil {
				return 0, err
			}
		default:
			if err := do(off, record); err != nil {
				return 0, err
			}
			off += frameHead + int64(len(record))
			end = off
		}
	}
	return end, nil
}

// journal is an open journal. It is not safe for concurrent use.
type journal struct {
	path   string
	file   *os.File
	head   Manifest
	end    int64   // where the next frame goes
	places []int64 // by run of the shard, 0 where there is none
	kept   int
	broken error // of a write that could not be undone
}

// errVanished means that a journal is no longer where it was opened.
var errVanished = errors.New("it was removed or replaced while the study was at work")

// errHead means that a file is no journal, or has lost its head.
var errHead = errors.New("must begin with what study it is of")

// readJournal reads a journal through. A folder without one gives an error that wraps fs.ErrNotExist.
func readJournal(dir string, flag int) (*journal, error) {
	j := &journal{path: filepath.Join(dir, manifest.Journal)}
	var err error
	if j.file, err = os.OpenFile(j.path, flag, 0); err != nil {
		return nil, err
	}
	if err = j.read(); err != nil {
		j.file.Close()
		return nil, fmt.Errorf("reading %s: %w", j.path, err)
	}
	return j, nil
}

func (j *journal) read() error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	headed := false
	j.end, err = scan(j.file, info.Size(), func(off int64, record []byte) error {
		switch {
		case record[0] == headRecord:
			headed = true
			if err := json.Unmarshal(record[1:], &j.head); err != nil {
				return err
			}
			if what := j.head.absurd(); what != "" {
				return fmt.Errorf("must be as it was written, got %s", what)
			}
			return nil
		case !headed:
			return errHead
		}
		run, err := runOf(record[1:])
		if err == nil {
			err = j.note(run, off)
		}
		return err
	})
	if err == nil && !headed {
		err = errHead
	}
	return err
}

// note remembers where a run is.
func (j *journal) note(run int, off int64) error {
	shard := j.head.Study.Shard
	if !shard.Has(run) || run >= j.head.Study.Runs {
		return fmt.Errorf("run %d must be one of the %d runs of %s", run, j.head.Study.Runs, shard)
	}
	k := run / shard.Of
	for len(j.places) <= k {
		j.places = append(j.places, 0)
	}
	if j.places[k] == 0 {
		j.kept++
	}
	j.places[k] = off
	return nil
}

// has says whether a run is there.
func (j *journal) has(run int) bool {
	k := run / j.head.Study.Shard.Of
	return k < len(j.places) && j.places[k] != 0
}

// last is one more than the highest run that is there.
func (j *journal) last() int {
	for k := len(j.places) - 1; k >= 0; k-- {
		if j.places[k] != 0 {
			return k*j.head.Study.Shard.Of + j.head.Study.Shard.Part
		}
	}
	return 0
}

// newJournal puts a journal with its head in a folder, in place of one that is there. It appears whole.
func newJournal(dir string, head *Manifest) (*journal, error) {
	path := filepath.Join(dir, manifest.Journal)
	part := filepath.Join(dir, manifest.Hidden+manifest.Journal)
	data, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	err = writeSynced(part, append([]byte(manifest.JournalMagic), frame(append(newFrame(nil, headRecord), data...))...))
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
		return nil, fmt.Errorf("beginning %s: %w", path, err)
	}
	return readJournal(dir, os.O_RDWR)
}

// append writes a frame. A frame that does not fit is taken back, so that what follows can still be read.
func (j *journal) append(frame []byte) error {
	if j.broken != nil {
		return j.broken
	}
	_, err := j.file.WriteAt(frame, j.end)
	if err == nil {
		err = j.inPlace()
	}
	if err != nil {
		if cut := j.file.Truncate(j.end); cut != nil {
			j.broken = errors.Join(err, cut)
		}
		return err
	}
	j.end += int64(len(frame))
	return nil
}

// appendHead writes a new head, which counts from now on.
func (j *journal) appendHead(head *Manifest) error {
	data, err := json.Marshal(head)
	if err == nil {
		err = j.append(frame(append(newFrame(nil, headRecord), data...)))
	}
	if err == nil {
		j.head = *head
	}
	return err
}

// inPlace says whether the file is still where it was opened: on most systems a file that was removed takes what is written to
// it, and loses it when it is closed.
func (j *journal) inPlace() error {
	if inPlace(j.file, j.path) {
		return nil
	}
	return errVanished
}

// rows reads the rows of a run that is there, through a window on the journal.
func (j *journal) rows(w *window, run int, into []experiment.Rows) error {
	record, err := w.frame(j.places[run/j.head.Study.Shard.Of])
	if err == nil && record == nil {
		err = errors.New("its record has changed since it was written")
	}
	if err == nil {
		_, err = decodeRun(record[1:], j.head.Study.Tables, into)
	}
	if err != nil {
		return fmt.Errorf("reading run %d in %s: %w", run, j.path, err)
	}
	return nil
}

// window returns a window on all that is there.
func (j *journal) window() *window { return &window{file: j.file, size: j.end} }
