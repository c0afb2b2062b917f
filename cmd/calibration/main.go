// Command calibration sets the documented figures of a world beside what the model gives, over many seeds, and says which
// cause carries which part of each fitted price. The tables of docs/calibration.md are written by it:
//
//	go run ./cmd/calibration -write docs/calibration.md
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	var w work
	flag.StringVar(&w.scenario, "scenario", "northern-mali", "scenario to hold against the facts of its world")
	flag.IntVar(&w.runs, "runs", 20, "seeds")
	flag.IntVar(&w.without, "without", 8, "seeds of the runs without one cause; 0 leaves them out")
	flag.Var(&w.sets, "set", "path=value, may be repeated")
	only := flag.String("section", "", "tables to make, separated by commas: "+strings.Join(sectionNames(), ", ")+"; default: facts and causes, with -write all")
	write := flag.String("write", "", "document whose tables are to be renewed between their marks; default: print them")
	flag.Parse()
	if err := run(&w, *only, *write); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// work is what to simulate.
type work struct {
	scenario      string
	sets          multi
	runs, without int
}

// multi is a flag that may be repeated.
type multi []string

func (m *multi) String() string     { return strings.Join(*m, " ") }
func (m *multi) Set(s string) error { *m = append(*m, s); return nil }

// section is a table of the document, between two marks.
type section struct {
	name string
	make func(w *work) (string, error)
}

// sections lists the tables in the order of the document.
func sections() []section {
	return []section{
		{"facts", factsSection},
		{"causes", causesSection},
		{"unodc", unodcSection},
		{"passthrough", passThroughSection},
	}
}

func sectionNames() (names []string) {
	for _, s := range sections() {
		names = append(names, s.name)
	}
	return names
}

func run(w *work, only, write string) error {
	wanted := sectionNames()
	switch {
	case only != "":
		wanted = strings.Split(only, ",")
	case write == "":
		wanted = []string{"facts", "causes"}
	}
	for _, name := range wanted {
		i := slices.IndexFunc(sections(), func(s section) bool { return s.name == name })
		if i < 0 {
			return fmt.Errorf("section must be one of %s, got %q", strings.Join(sectionNames(), ", "), name)
		}
		text, err := sections()[i].make(w)
		if err != nil {
			return err
		}
		if write == "" {
			fmt.Println(text)
			continue
		}
		if err := renewFile(write, name, text); err != nil {
			return err
		}
	}
	return nil
}
