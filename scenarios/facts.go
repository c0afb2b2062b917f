package scenarios

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

// ReadTargets reads a targets file (the form of facts.csv). Columns that it does not know are ignored. The error is a
// Problems with the given file name.
func ReadTargets(file string, data []byte) ([]Fact, error) {
	c, w := newChecker(), &world{}
	raw, _ := readCSV(file, data, &c.collector)
	factsTable().load(raw, w, c)
	checkFacts(w.facts, raw, c)
	return w.facts, c.err()
}

func checkFacts(facts []Fact, raw *rawTable, c *checker) {
	for i, f := range facts {
		if f.Low > f.High {
			c.add(raw.at(i, "low"), "low", "must be at most high ("+plain(f.High)+"), got "+plain(f.Low), "")
		}
		if f.Start > f.End {
			c.add(raw.at(i, "start"), "start", "must be at most end ("+f.End+"), got "+f.Start, "")
		}
	}
}
