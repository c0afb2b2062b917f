package scenarios

import "io/fs"

// causeRow is a cause that stands for itself where there are too many to tell apart.
type causeRow struct{ Cause, Note string }

// MainCauses returns the causes that an attribution of the scenario tells apart unless it is told which: those of the built-in table of
// its name or, failing that, of its world. Without one there are none.
func (s *Scenario) MainCauses() (ids []string) {
	for _, name := range []string{s.Name, s.World} {
		data, err := fs.ReadFile(builtin, "causes/"+name+".csv")
		if err != nil || s.WorldOwn {
			continue
		}
		c := newChecker()
		raw, _ := readCSV("causes/"+name+".csv", data, &c.collector)
		var rows []causeRow
		define(Table{File: "causes", Key: []string{"cause"}, MaxRows: maxRows, Open: true}, func(*world) *[]causeRow { return &rows }, []spec[causeRow]{
			{Column{"cause", "", words(), "cause of events, or its part after the point"}, func(r *causeRow) any { return &r.Cause }},
			{Column{"note", "", words().optional(), "what it is"}, func(r *causeRow) any { return &r.Note }},
		}).load(raw, &world{}, c)
		if err := c.err(); err != nil {
			panic(err) // the table is the program's own, and a test reads it
		}
		for _, r := range rows {
			ids = append(ids, r.Cause)
		}
		return ids
	}
	return nil
}
