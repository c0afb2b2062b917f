package record

// actors emits actors.csv.
func (o *Observer) actors(tick int32) {}
