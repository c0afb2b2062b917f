package experiment

import (
	"entrepot/output/tables"
)

// FullTables lists the tables of a run that a study can keep whole, week by week, for every run.
func FullTables() []string {
	return []string{"prices", "flows", "trades", "costs", "hubs", "throughput", "actors", "ledger", "events"}
}

// CheckFull says which of some tables no run has, all at once.
func CheckFull(names []string) error {
	return eachOf("a table of a run", names, FullTables())
}

// RunTable puts a table of a run in terms of a study's tables: weeks are whole numbers of 32 bits, dates dates, ids texts.
func RunTable(name string, columns []tables.Column) Table {
	t := Table{Name: name}
	for _, c := range columns {
		kind := Text
		switch {
		case c.Name == "tick":
			kind = Int32
		case c.Type == "integer":
			kind = Int
		case c.Type == "decimal":
			kind = Float
		case c.Type == "date":
			kind = Date
		}
		unit := c.Unit
		if unit == "-" {
			unit = ""
		}
		t.Columns = append(t.Columns, Column{c.Name, kind, unit, c.Meaning})
	}
	return t
}
