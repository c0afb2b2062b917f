package sim

import "time"

// Date is a calendar day, counted from 1970-01-01 (day 0). It carries no clock and no time zone.
type Date int32

// DateOf returns the Date of a year, month (1-12) and day of month, normalised as package time does.
func DateOf(year, month, day int) Date {
	return Date(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads YYYY-MM-DD; an impossible day such as 2023-02-30 is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, err
	}
	return Date(t.Unix() / 86400), nil
}

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String formats the day as YYYY-MM-DD.
func (d Date) String() string { return d.Time().Format("2006-01-02") }

// Year returns the calendar year.
func (d Date) Year() int { return d.Time().Year() }

// Monday returns the Monday on or before the day: the date by which a week is known.
func (d Date) Monday() Date {
	offset := (int32(d) + 3) % 7 // 1970-01-01 was a Thursday
	if offset < 0 {
		offset += 7
	}
	return d - Date(offset)
}
