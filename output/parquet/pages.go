package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	kzstd "github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// checkPage looks into a page before parquet-go makes room for its values: what is packed, the runs of levels and of indices, and the count at the head of
// differences may each ask for far more than the values that the page says it has. What is merely cut off is left to parquet-go. room is reused.
func checkPage(page []byte, head *format.PageHeader, codec format.CompressionCodec, optional bool, room *[]byte) error {
	var levels []byte
	var values int32
	var encoding format.Encoding
	switch head.Type {
	case format.DataPage:
		h := &head.DataPageHeader.V
		values, encoding = h.NumValues, h.Encoding
		if optional && h.DefinitionLevelEncoding != format.RLE {
			return fmt.Errorf("must say what is missing in runs, got %v", h.DefinitionLevelEncoding)
		}
	case format.DataPageV2:
		h := &head.DataPageHeaderV2.V
		values, encoding = h.NumValues, h.Encoding
		before := int64(h.RepetitionLevelsByteLength) + int64(h.DefinitionLevelsByteLength)
		if h.RepetitionLevelsByteLength < 0 || h.DefinitionLevelsByteLength < 0 || before > int64(len(page)) {
			return fmt.Errorf("levels must lie within it, got %d and %d bytes of %d", h.RepetitionLevelsByteLength, h.DefinitionLevelsByteLength, len(page))
		}
		levels, page = page[h.RepetitionLevelsByteLength:before], page[before:]
		if h.IsCompressed.Valid && !h.IsCompressed.V {
			codec = format.Uncompressed
		}
	}
	page, err := unpacked(page, codec, room)
	if err != nil {
		return err
	}
	if head.Type == format.DataPage && optional {
		if len(page) < 4 || uint64(binary.LittleEndian.Uint32(page)) > uint64(len(page)-4) {
			return errors.New("levels must lie within it")
		}
		end := 4 + binary.LittleEndian.Uint32(page)
		levels, page = page[4:end], page[end:]
	}
	if optional {
		if err := checkRuns(levels, 1, values); err != nil {
			return fmt.Errorf("levels: %w", err)
		}
	}
	if head.Type == format.DictionaryPage {
		return nil // plain: as long as its bytes
	}
	return checkValues(page, encoding, values)
}

// unpacked is what packed bytes hold, at most mostPage, in room where it is large enough.
func unpacked(page []byte, codec format.CompressionCodec, room *[]byte) (out []byte, err error) {
	if len(page) == 0 {
		return nil, nil
	}
	switch codec {
	case format.Uncompressed:
		return page, nil
	case format.Zstd:
		out, err = unpacker().DecodeAll(page, (*room)[:0])
	case format.Snappy:
		var n int
		if n, err = snappy.DecodedLen(page); err == nil && n <= mostPage {
			out, err = snappy.Decode((*room)[:cap(*room)], page)
		} else if err == nil {
			err = fmt.Errorf("it has %d bytes", n)
		}
	case format.Gzip:
		var r *gzip.Reader
		if r, err = gzip.NewReader(bytes.NewReader(page)); err == nil {
			if out, err = io.ReadAll(io.LimitReader(r, mostPage+1)); err == nil && len(out) > mostPage {
				err = errors.New("it has more")
			}
		}
	default:
		return nil, fmt.Errorf("must be packed by zstd, snappy or gzip, or not at all, got %v", codec)
	}
	if err != nil {
		return nil, fmt.Errorf("must unpack to at most %d bytes: %w", mostPage, err)
	}
	*room = out
	return out, nil
}

// unpacker unpacks zstd, within bounds; several goroutines may share it.
var unpacker = sync.OnceValue(func() *kzstd.Decoder {
	d, err := kzstd.NewReader(nil, kzstd.WithDecoderConcurrency(1), kzstd.WithDecoderMaxMemory(mostPage))
	if err != nil {
		panic(fmt.Sprint("parquet: the options of zstd must be good, got ", err))
	}
	return d
})

// checkValues looks at how many values encoded bytes say they are.
func checkValues(data []byte, encoding format.Encoding, most int32) error {
	switch encoding {
	case format.Plain, format.ByteStreamSplit: // as long as their bytes
		return nil
	case format.RLEDictionary, format.PlainDictionary:
		if len(data) == 0 || data[0] == 0 && len(data) == 1 {
			return nil
		}
		return checkRuns(data[1:], data[0], most)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		for range 2 { // the length of a block, and of its parts
			_, n := binary.Uvarint(data)
			data = data[max(0, n):]
		}
		if count, _ := binary.Uvarint(data); count > uint64(most) {
			return fmt.Errorf("must have at most %d differences, got %d", most, count)
		}
		return nil
	}
	return fmt.Errorf("must be plain, of a dictionary or of differences, got %v", encoding)
}

// checkRuns adds up what runs of equal numbers of some bits, and packed ones among them, repeat: the last of those may go a little beyond the values.
func checkRuns(data []byte, width byte, most int32) error {
	if width > 32 {
		return fmt.Errorf("must have at most 32 bits, got %d", width)
	}
	const beyond = 512
	for values := uint64(0); len(data) > 0; {
		u, n := binary.Uvarint(data)
		if n <= 0 {
			return errors.New("runs must have a length")
		}
		data = data[n:]
		count, bytes := u>>1, uint64(width+7)/8
		if u&1 == 1 {
			count = min(count, 1<<40)
			count, bytes = 8*count, count*uint64(width)
		}
		if values += min(count, 1<<40); values > uint64(most)+beyond {
			return fmt.Errorf("must be %d values, got at least %d", most, values)
		}
		if bytes > uint64(len(data)) {
			return errors.New("runs must lie within their page")
		}
		data = data[bytes:]
	}
	return nil
}
