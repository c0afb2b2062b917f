package parquet

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	kzstd "github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// aPage returns what is said of a chunk of one page with a body, after a test has changed the head of the page and what its column says of it.
func aPage(t *testing.T, codec format.CompressionCodec, body []byte, optional bool, change func(*format.PageHeader, *format.ColumnMetaData)) error {
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
	return checkChunk(bytes.NewReader(file), int64(len(file)), &m, optional)
}

// The readers of pages take the room that heads, packed bytes, levels and encodings ask for; they are believed only within bounds.
func TestPagesThatAskForMuchAreRefused(t *testing.T) {
	e, err := kzstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	zstd := func(page []byte) []byte { return e.EncodeAll(page, nil) }
	claims := func(size uint64) []byte { // a frame in one segment that says its size in eight bytes
		return append(binary.LittleEndian.AppendUint64([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0}, size), 1, 0, 0)
	}
	endless := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 0x58} // a frame that does not say its size: blocks of one byte repeated 128 Ki times
	for range mostPage>>17 + 1 {
		endless = append(endless, 0x02, 0, 0x10, 7)
	}
	endless = append(endless, 1, 0, 0)
	var gzipped bytes.Buffer
	z := gzip.NewWriter(&gzipped)
	if _, err := z.Write(make([]byte, mostPage+1)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	var gz bytes.Buffer
	z = gzip.NewWriter(&gz)
	if _, err := z.Write(make([]byte, 24)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	run := func(n uint64, more ...byte) []byte { return append(binary.AppendUvarint(nil, n<<1), more...) }    // of one number
	bits := func(n uint64, more ...byte) []byte { return append(binary.AppendUvarint(nil, n<<1|1), more...) } // n times eight packed
	v1 := func(levels, data []byte) []byte {
		return append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(levels))), levels...), data...)
	}
	old := func(encoding format.Encoding) func(*format.PageHeader, *format.ColumnMetaData) {
		return func(h *format.PageHeader, _ *format.ColumnMetaData) {
			h.Type, h.DataPageHeaderV2.Valid, h.DataPageHeader.Valid = format.DataPage, false, true
			h.DataPageHeader.V = format.DataPageHeader{NumValues: 3, Encoding: encoding, DefinitionLevelEncoding: format.RLE}
		}
	}
	levels := func(n int32, encoding format.Encoding) func(*format.PageHeader, *format.ColumnMetaData) {
		return func(h *format.PageHeader, _ *format.ColumnMetaData) {
			h.DataPageHeaderV2.V.DefinitionLevelsByteLength, h.DataPageHeaderV2.V.Encoding = n, encoding
		}
	}
	is := func(encoding format.Encoding) func(*format.PageHeader, *format.ColumnMetaData) {
		return levels(0, encoding)
	}
	delta := func(count uint64) []byte { return append(binary.AppendUvarint([]byte{128, 1, 4}, count), 2) }
	same := func(*format.PageHeader, *format.ColumnMetaData) {}
	plain := make([]byte, 24)
	for _, c := range []struct {
		what     string
		good     bool
		codec    format.CompressionCodec
		body     []byte
		optional bool
		change   func(*format.PageHeader, *format.ColumnMetaData)
	}{
		{"a page", true, format.Zstd, zstd(plain), false, same},
		{"bare", true, format.Uncompressed, plain, false, same},
		{"snappy", true, format.Snappy, snappy.Encode(nil, plain), false, same},
		{"gzip", true, format.Gzip, gz.Bytes(), false, same},
		{"brotli", false, format.Brotli, plain, false, same},
		{"many bytes", false, format.Zstd, zstd(plain), false, func(h *format.PageHeader, _ *format.ColumnMetaData) { h.UncompressedPageSize = 1 << 30 }},
		{"fewer than none", false, format.Zstd, zstd(plain), false, func(h *format.PageHeader, _ *format.ColumnMetaData) { h.UncompressedPageSize = -1 }},
		{"beyond the column", false, format.Zstd, zstd(plain), false, func(h *format.PageHeader, _ *format.ColumnMetaData) { h.CompressedPageSize++ }},
		{"many values", false, format.Zstd, zstd(plain), false, func(h *format.PageHeader, m *format.ColumnMetaData) {
			h.DataPageHeaderV2.V.NumValues, m.NumValues = 1<<30, 1<<30
		}},
		{"more values than the column", false, format.Zstd, zstd(plain), false, func(h *format.PageHeader, _ *format.ColumnMetaData) { h.DataPageHeaderV2.V.NumValues = 4 }},
		{"a frame of many bytes", false, format.Zstd, claims(1 << 33), false, same},
		{"a frame that does not say how many", false, format.Zstd, endless, false, same},
		{"snappy of many bytes", false, format.Snappy, []byte{0xff, 0xff, 0xff, 0xff, 0x0f}, false, same},
		{"gzip of many bytes", false, format.Gzip, gzipped.Bytes(), false, same},
		{"a column beyond the file", false, format.Zstd, zstd(plain), false, func(_ *format.PageHeader, m *format.ColumnMetaData) { m.TotalCompressedSize = 1 }},
		{"a column before the file", false, format.Zstd, zstd(plain), false, func(_ *format.PageHeader, m *format.ColumnMetaData) { m.DataPageOffset = -4 }},
		{"levels", true, format.Uncompressed, append(run(3, 1), plain...), true, levels(2, format.Plain)},
		{"packed levels", true, format.Uncompressed, append(bits(1, 7), plain...), true, levels(2, format.Plain)},
		{"levels of others", false, format.Uncompressed, append(run(1<<30, 1), plain...), true, levels(6, format.Plain)},
		{"levels for ever", false, format.Uncompressed, append(run(1<<62, 1), plain...), true, levels(10, format.Plain)},
		{"packed levels for ever", false, format.Uncompressed, append(bits(1<<62, 1), plain...), true, levels(10, format.Plain)},
		{"levels beyond the page", false, format.Uncompressed, plain, true, levels(25, format.Plain)},
		{"fewer levels than none", false, format.Uncompressed, plain, true, levels(-1, format.Plain)},
		{"levels before a page", true, format.Zstd, zstd(v1(run(3, 1), plain)), true, old(format.Plain)},
		{"levels of others before a page", false, format.Zstd, zstd(v1(run(1<<30, 1), plain)), true, old(format.Plain)},
		{"levels before a page that has none", false, format.Uncompressed, []byte{9, 0, 0, 0, 1}, true, old(format.Plain)},
		{"levels in bits", false, format.Uncompressed, plain, true, func(h *format.PageHeader, m *format.ColumnMetaData) {
			old(format.Plain)(h, m)
			h.DataPageHeader.V.DefinitionLevelEncoding = format.BitPacked
		}},
		{"indices", true, format.Uncompressed, append([]byte{2}, bits(1, 1, 2)...), false, is(format.RLEDictionary)},
		{"indices of others", false, format.Uncompressed, append([]byte{2}, run(1<<30, 1)...), false, is(format.RLEDictionary)},
		{"many short runs of indices", false, format.Uncompressed, append([]byte{2}, bytes.Repeat(run(500, 1), 2)...), false, is(format.PlainDictionary)},
		{"indices of no bits", true, format.Uncompressed, append([]byte{0}, run(3)...), false, is(format.RLEDictionary)},
		{"indices of many bits", false, format.Uncompressed, append([]byte{33}, run(3, 1, 1, 1, 1, 1)...), false, is(format.RLEDictionary)},
		{"indices that are cut off", false, format.Uncompressed, append([]byte{8}, bits(1, 1)...), false, is(format.RLEDictionary)},
		{"differences", true, format.Uncompressed, delta(3), false, is(format.DeltaBinaryPacked)},
		{"differences of others", false, format.Uncompressed, delta(1 << 31), false, is(format.DeltaBinaryPacked)},
		{"lengths of others", false, format.Uncompressed, delta(1 << 31), false, is(format.DeltaLengthByteArray)},
		{"beginnings of others", false, format.Uncompressed, delta(3), false, is(format.DeltaByteArray)},
	} {
		if err := aPage(t, c.codec, c.body, c.optional, c.change); (err == nil) != c.good {
			t.Errorf("%s: got %v", c.what, err)
		}
	}
}
