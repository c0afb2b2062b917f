package parquet

import (
	"bufio"
	"fmt"
	"io"
)

// Spool is where compressed pages wait for their row group to be full. A file is one.
type Spool interface {
	io.ReaderAt
	io.WriterAt
}

// spool hands out the buffers that parquet-go asks for, one for each column of a row group. All append to one file.
type spool struct {
	file Spool
	to   *bufio.Writer
	end  int64 // of all that was written
	lent int   // buffers in use
}

func newSpool(file Spool) *spool {
	s := &spool{file: file, to: bufio.NewWriterSize(nil, 1<<16)}
	s.rewind()
	return s
}

func (s *spool) rewind() {
	s.to.Reset(io.NewOffsetWriter(s.file, 0))
	s.end = 0
}

// GetBuffer implements parquet.BufferPool.
func (s *spool) GetBuffer() io.ReadWriteSeeker {
	s.lent++
	return &spooled{spool: s}
}

// PutBuffer implements parquet.BufferPool. With the last buffer the row group is done, and the next one is written over it.
func (s *spool) PutBuffer(io.ReadWriteSeeker) {
	if s.lent--; s.lent == 0 {
		s.rewind()
	}
}

// spooled is what was written of a column: pieces of the file.
type spooled struct {
	*spool
	pieces []piece
	from   io.Reader
}

type piece struct{ at, size int64 }

func (c *spooled) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	if last := len(c.pieces) - 1; last >= 0 && c.pieces[last].at+c.pieces[last].size == c.end {
		c.pieces[last].size += int64(n)
	} else {
		c.pieces = append(c.pieces, piece{c.end, int64(n)})
	}
	c.end += int64(n)
	return n, err
}

// Seek goes to the beginning: parquet-go asks for nothing else, before it writes and before it reads all.
func (c *spooled) Seek(offset int64, whence int) (int64, error) {
	switch {
	case offset != 0 || whence != io.SeekStart:
		return 0, fmt.Errorf("pages must be read from the beginning, got %d of %d", offset, whence)
	case len(c.pieces) == 0:
		return 0, nil
	}
	var all []io.Reader
	for _, p := range c.pieces {
		all = append(all, io.NewSectionReader(c.file, p.at, p.size))
	}
	c.from = io.MultiReader(all...)
	return 0, c.to.Flush()
}

func (c *spooled) Read(p []byte) (int, error) { return c.from.Read(p) }
