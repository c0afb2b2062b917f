//go:build js

package experiment

import (
	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
)

// The page keeps no table of a run whole: its build does without what that takes, a twentieth of the program.

func (s *Study) fullTables() []Table { return nil }

func (s *Study) both(only record.Tables) record.Tables { return only }

func (s *Study) recording(p *panel, _ *agents.Setup, _ *tables.Names) (tables.Recorder, *tables.Run) {
	return &p.gauges, nil
}

func (s *Study) whole(int, *tables.Run) []Rows { return nil }
