package parquet

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// What a page may take once it is unpacked, and how many values it may have. Ours have a few hundred kilobytes, those of DuckDB, Arrow and Polars
// about one megabyte.
const (
	mostPage   = 64 << 20
	mostValues = 1 << 24
)

// checkEnd looks at the end of a file, where its columns and pages are listed, before parquet-go makes room for the lists: each must have as many entries as it says.
func checkEnd(file io.ReaderAt, size int64) error {
	var tail [8]byte
	if _, err := file.ReadAt(tail[:], max(0, size-8)); err != nil {
		return fmt.Errorf("must be a Parquet file, got one of %d bytes: %w", size, err)
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if string(tail[4:]) != "PAR1" || n > size-8 {
		return errors.New("must be a Parquet file, got one that does not end as such")
	}
	end := make([]byte, n)
	if _, err := file.ReadAt(end, size-8-n); err != nil {
		return err
	}
	// What is known of no field is passed over entry by entry, which takes no room.
	if err := thrift.NewDecoder(new(thrift.CompactProtocol).NewReaderFromBytes(end)).Decode(new(struct{})); err != nil {
		return fmt.Errorf("list of columns: %w", err)
	}
	return nil
}

// checkChunk looks at the heads of the pages of a column in a group of rows, before parquet-go takes the room that they ask for: two bytes that a
// disk has damaged may ask for gigabytes.
func checkChunk(file io.ReaderAt, size int64, m *format.ColumnMetaData, optional bool) error {
	from := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		from = min(from, m.DictionaryPageOffset)
	}
	if from < 0 || m.TotalCompressedSize < 0 || from > size || m.TotalCompressedSize > size-from || m.NumValues < 0 {
		return fmt.Errorf("pages must lie within the file, got %d bytes from byte %d of %d", m.TotalCompressedSize, from, size)
	}
	end := from + m.TotalCompressedSize
	var compact thrift.CompactProtocol
	var page, room []byte // reused
	for values := int64(0); from < end && values < m.NumValues; {
		section := io.NewSectionReader(file, from, end-from)
		rest := bufio.NewReaderSize(section, 256)
		var head format.PageHeader
		if err := thrift.NewDecoder(compact.NewReader(rest)).Decode(&head); err != nil {
			return fmt.Errorf("head of the page at byte %d: %w", from, err)
		}
		at, err := section.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		body := from + at - int64(rest.Buffered())
		if head.CompressedPageSize < 0 || int64(head.CompressedPageSize) > end-body {
			return fmt.Errorf("the page at byte %d must lie within its column, got %d bytes", from, head.CompressedPageSize)
		}
		if head.UncompressedPageSize < 0 || head.UncompressedPageSize > mostPage {
			return fmt.Errorf("the page at byte %d must have at most %d bytes, got %d", from, mostPage, head.UncompressedPageSize)
		}
		n := int32(0)
		switch head.Type {
		case format.DataPage:
			n = head.DataPageHeader.V.NumValues
			values += int64(n)
		case format.DataPageV2:
			n = head.DataPageHeaderV2.V.NumValues
			values += int64(n)
		case format.DictionaryPage:
			n = head.DictionaryPageHeader.V.NumValues
		}
		if n < 0 || n > mostValues || values > m.NumValues {
			return fmt.Errorf("the page at byte %d must have at most %d values and no more than its column, got %d", from, mostValues, n)
		}
		page = slices.Grow(page[:0], int(head.CompressedPageSize))[:head.CompressedPageSize]
		if _, err := file.ReadAt(page, body); err != nil {
			return err
		}
		if err := checkPage(page, &head, m.Codec, optional, &room); err != nil {
			return fmt.Errorf("the page at byte %d: %w", from, err)
		}
		from = body + int64(head.CompressedPageSize)
	}
	return nil
}
