package scenarios

import "entrepot/sim"

// Fact is one documented figure: a target for fitting, or an input. Months are inclusive.
type Fact struct {
	ID, Kind, Good string
	Place          string // hub or zone; a|b pooled, a/b a ratio
	Start, End     string // 2023, 2023-08 or 2023-08-13, see MonthSpan; may be empty
	Low, High      float64
	Unit, Source   string
	Use            string // calibrate, driver
}

// TimelineRow is one documented date, for marks on plots.
type TimelineRow struct {
	Date                       string // 2023, 2023-08 or 2023-08-13, see MonthSpan
	Event, Kind, Place, Source string
}

// Doubt is what someone who wants to use a fact has against one of its columns.
type Doubt struct {
	Column string
	Must   string   // what it must be
	Got    string   // the part of the cell that is not
	Known  []string // what it may have been meant to be
}

// ReadTargets reads a targets file (the form of facts.csv). Columns that it does not know are ignored. Rows without a problem of
// their own are shown to the checks, whose doubts are problems too. The error is a Problems with the given file name.
func ReadTargets(file string, data []byte, checks ...func(Fact) []Doubt) ([]Fact, error) {
	c, w := newChecker(), &world{}
	raw, whole := readCSV(file, data, &c.collector)
	factsTable().load(raw, w, c)
	checkFacts(w.facts, raw, c)
	bad := map[int]bool{}
	for _, p := range c.found {
		bad[p.Line] = true
	}
	for i, f := range w.facts {
		if !whole || bad[raw.at(i, "id").Line] || raw.column("kind") < 0 {
			continue
		}
		for _, check := range checks {
			for _, d := range check(f) {
				c.add(raw.at(i, d.Column), d.Column, Say("must be %s, got %s", word(d.Must), quote(d.Got)), Meant(d.Got, d.Known))
			}
		}
	}
	return w.facts, c.err()
}

func checkFacts(facts []Fact, raw *rawTable, c *checker) {
	for i, f := range facts {
		if f.Low > f.High {
			c.add(raw.at(i, "low"), "low", Say("must be at most high (%s), got %s", plain(f.High), plain(f.Low)))
		}
		if first, last := firstDayOf(f.Start), lastDayOf(f.End); first != 0 && last != 0 && first > last {
			c.add(raw.at(i, "start"), "start", Say("must be at most end (%s), got %s", f.End, f.Start))
		}
	}
}

func firstDayOf(period string) sim.Date {
	first, _, _ := MonthSpan(period)
	return first
}

func lastDayOf(period string) sim.Date {
	_, last, _ := MonthSpan(period)
	return last
}
