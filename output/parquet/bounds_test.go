package parquet

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// aPage returns a chunk of one page with a body, what its column says of it, and the head of the page for a test to change.
func aPage(t *testing.T, codec format.CompressionCodec, body []byte, change func(*format.PageHeader, *format.ColumnMetaData)) error {
	t.Helper()
	head := format.PageHeader{Type: format.DataPageV2, UncompressedPageSize: 100, CompressedPageSize: int32(len(body))}
	head.DataPageHeaderV2.Valid = true
	head.DataPageHeaderV2.V.NumValues = 3
	m := format.ColumnMetaData{Codec: codec, NumValues: 3, DataPageOffset: 4}
	change(&head, &m)
	packed, err := thrift.Marshal(new(thrift.CompactProtocol), &head)
	if err != nil {
		t.Fatal(err)
	}
	file := append(append([]byte("PAR1"), packed...), body...)
	m.TotalCompressedSize += int64(len(file) - 4)
	return checkChunk(bytes.NewReader(file), int64(len(file)), &m)
}

// The readers of pages take the room that heads ask for; heads are believed only within bounds.
func TestHeadsThatAskForMuchAreRefused(t *testing.T) {
	zstd := func(size uint64) []byte { // a frame in one segment that says its size in eight bytes
		return append(binary.LittleEndian.AppendUint64([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0}, size), 1, 0, 0)
	}
	same := func(*format.PageHeader, *format.ColumnMetaData) {}
	for _, c := range []struct {
		what   string
		good   bool
		codec  format.CompressionCodec
		body   []byte
		change func(*format.PageHeader, *format.ColumnMetaData)
	}{
		{"a page", true, format.Zstd, zstd(100), same},
		{"bare", true, format.Uncompressed, make([]byte, 100), same},
		{"snappy", true, format.Snappy, []byte{100, 0}, same},
		{"many bytes", false, format.Zstd, zstd(100), func(h *format.PageHeader, _ *format.ColumnMetaData) { h.UncompressedPageSize = 1 << 30 }},
		{"fewer than none", false, format.Zstd, zstd(100), func(h *format.PageHeader, _ *format.ColumnMetaData) { h.UncompressedPageSize = -1 }},
		{"beyond the column", false, format.Zstd, zstd(100), func(h *format.PageHeader, _ *format.ColumnMetaData) { h.CompressedPageSize++ }},
		{"many values", false, format.Zstd, zstd(100), func(h *format.PageHeader, m *format.ColumnMetaData) {
			h.DataPageHeaderV2.V.NumValues, m.NumValues = 1<<30, 1<<30
		}},
		{"more values than the column", false, format.Zstd, zstd(100), func(h *format.PageHeader, _ *format.ColumnMetaData) { h.DataPageHeaderV2.V.NumValues = 4 }},
		{"a frame of many bytes", false, format.Zstd, zstd(1 << 33), same},
		{"snappy of many bytes", false, format.Snappy, []byte{0xff, 0xff, 0xff, 0xff, 0x0f}, same},
		{"a column beyond the file", false, format.Zstd, zstd(100), func(_ *format.PageHeader, m *format.ColumnMetaData) { m.TotalCompressedSize = 1 }},
		{"a column before the file", false, format.Zstd, zstd(100), func(_ *format.PageHeader, m *format.ColumnMetaData) { m.DataPageOffset = -4 }},
	} {
		if err := aPage(t, c.codec, c.body, c.change); (err == nil) != c.good {
			t.Errorf("%s: got %v", c.what, err)
		}
	}
}
