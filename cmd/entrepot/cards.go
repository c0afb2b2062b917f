package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"entrepot/output/prose"
	"entrepot/scenarios"
)

// observedCSV is what runs of the built-in scenarios gave for their claims; the test of the claims writes it, and compares it with its runs.
//
//go:embed observed.csv
var observedCSV []byte

// observation is what pairs of runs gave for a claim.
type observation struct {
	scenario, claim string
	pairs, alike    int // alike: pairs whose difference has the sign of the mean one
	mean, against   float64
	least, most     float64 // difference of a pair
}

// observations reads the file by scenario and claim.
func observations(data []byte) (map[[2]string]observation, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading observed.csv: %w", err)
	}
	all := map[[2]string]observation{}
	for i, r := range rows[min(1, len(rows)):] {
		var x [6]float64
		for k := range x {
			if x[k], err = strconv.ParseFloat(r[k+2], 64); err != nil {
				return nil, fmt.Errorf("observed.csv:%d: %w", i+2, err)
			}
		}
		all[[2]string{r[0], r[1]}] = observation{r[0], r[1], int(x[0]), int(x[5]), x[1], x[2], x[3], x[4]}
	}
	return all, nil
}

// cardsMarkdown has the model card of every built-in scenario.
func cardsMarkdown() (string, error) {
	seen, err := observations(observedCSV)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(cardsIntro)
	for _, info := range scenarios.List() {
		s, err := scenarios.Load(info.Name, nil)
		if err != nil {
			return "", err
		}
		b.WriteString("\n" + card(s, seen))
	}
	return b.String(), nil
}

// card says of a scenario what it asks, what it takes for granted, what is put in, what runs gave, how far that can be trusted and how it
// misleads. What was seen is known of built-in scenarios alone.
func card(s *scenarios.Scenario, seen map[[2]string]observation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %s\n\n**Question.** %s\n", s.Name, s.Title, s.Question)
	listed(&b, "It takes for granted", s.Assumptions)
	fmt.Fprintf(&b, "\n**Put in, not found out.** %s\n", putIn(s))
	var firm, loose []string
	if len(s.Expect) > 0 {
		b.WriteString("\n**Seen.**\n\n| claim | mean | against | difference of a pair | pairs alike |\n|---|---|---|---|---|\n")
		for _, e := range s.Expect {
			o, ok := seen[[2]string{s.Name, e.ID}]
			if !ok {
				fmt.Fprintf(&b, "| %s | not run | | | |\n", cell(e.Claim))
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %d of %d |\n", cell(e.Claim), prose.Number(o.mean), prose.Number(o.against), prose.Range(o.least, o.most), o.alike, o.pairs)
			switch {
			case e.Sign == 0: // about the same
			case float64(e.Sign)*(o.mean-o.against) <= 0:
				loose = append(loose, e.Claim+": the runs say the opposite")
			case o.alike == o.pairs:
				firm = append(firm, e.Claim)
			default:
				loose = append(loose, fmt.Sprintf("%s: not so in %d of %d pairs", e.Claim, o.pairs-o.alike, o.pairs))
			}
		}
	}
	if len(firm) > 0 {
		listed(&b, "Where to trust it: the sign of these was the same under every luck that was tried", firm)
	} else {
		b.WriteString("\n**Where to trust it.** No claim of its own has been seen to hold under every luck: take it for what follows from its assumptions.\n")
	}
	listed(&b, "How it misleads", slices.Concat(loose, misleads(s)))
	if s.Surprise != "" {
		fmt.Fprintf(&b, "\n**What would speak against it.** %s\n", s.Surprise)
	}
	return b.String()
}

func listed(b *strings.Builder, head string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n**%s.**\n\n", head)
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", item)
	}
}

// putIn counts the events by cause.
func putIn(s *scenarios.Scenario) string {
	causes := map[string]int{}
	for _, e := range s.Setup.Events {
		causes[e.Cause]++
	}
	if len(causes) == 0 {
		return "No event: the state of the first day lasts."
	}
	names := slices.SortedFunc(maps.Keys(causes), func(a, b string) int { return cmp.Or(cmp.Compare(causes[b], causes[a]), cmp.Compare(a, b)) })
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", prose.Words(name, nil), causes[name])
	}
	return fmt.Sprintf("%d events by cause: %s.", len(s.Setup.Events), strings.Join(names, ", "))
}

// misleads counts what of the input nobody has documented.
func misleads(s *scenarios.Scenario) (all []string) {
	stylised, inferred := 0, 0
	for _, e := range s.Setup.Events {
		if strings.Contains(e.Note, "inferred from prices") {
			inferred++
		} else if strings.Contains(e.Note, "stylised") || strings.Contains(e.Source, "stylised") {
			stylised++
		}
	}
	if inferred > 0 {
		all = append(all, fmt.Sprintf("%d events have a size that was inferred from documented prices: that these prices come out is no test of it.", inferred))
	}
	if stylised > 0 {
		all = append(all, fmt.Sprintf("%d events have a size that no source gives (stylised): believe the sign of what follows from them before its size.", stylised))
	}
	if grades, rows := graded(s); rows > 0 {
		var parts []string
		for _, g := range slices.Sorted(maps.Keys(grades)) {
			parts = append(parts, fmt.Sprintf("%s %s", g, prose.Percent(float64(grades[g])/float64(rows))))
		}
		all = append(all, fmt.Sprintf("Rows of its world by grade (A documented, B derived, C expert prior, D stylised): %s. Volumes are stylised; shares and prices are the evidence.", strings.Join(parts, ", ")))
	}
	return append(all, "One run is one draw of luck, and a difference of means is not a forecast.")
}

// graded counts the rows of a world's tables by their grade.
func graded(s *scenarios.Scenario) (grades map[string]int, rows int) {
	grades = map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(s.WorldFiles)) {
		table, err := csv.NewReader(bytes.NewReader(s.WorldFiles[name])).ReadAll()
		if err != nil || len(table) == 0 {
			continue // world.yaml
		}
		if k := slices.Index(table[0], "grade"); k >= 0 {
			for _, r := range table[1:] {
				grades[r[k]]++
				rows++
			}
		}
	}
	return grades, rows
}

const cardsIntro = `# Model cards

What each built-in scenario asks, takes for granted, has been seen to do, and where it misleads. The figures are those of its claims (` + "`expect`" + ` in its file), as
the tests run them: pairs of runs under the same luck, the scenario against another scenario, period or place. "Pairs alike" are those whose difference has the sign of the
mean one. ` + "`entrepot scenario show NAME --card`" + ` prints a card, also that of a file. What the model as a whole can be trusted in stands in [calibration](calibration.md).
`
