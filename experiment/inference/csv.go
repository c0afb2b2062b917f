package inference

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// CSV writes one row per particle: the parameters by name, then weight and distance. ParsePosterior reads back the same
// bits.
func (p *Posterior) CSV() string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	rows := [][]string{p.header()}
	for i, values := range p.Values {
		var row []string
		for j, q := range p.Prior {
			row = append(row, q.Text(values[j]))
		}
		rows = append(rows, append(row, exact(p.Weights[i]), exact(p.Distances[i])))
	}
	w.WriteAll(rows) // a strings.Builder does not fail
	return text.String()
}

func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func (p *Posterior) header() []string { return append(p.Prior.Names(), "weight", "distance") }

// ParsePosterior reads what CSV wrote, strictly: the prior's parameters in its order, values within it, weights that sum to
// 1. Errors name the line.
func ParsePosterior(prior Prior, text string) (*Posterior, error) {
	p := &Posterior{Prior: prior}
	r := csv.NewReader(strings.NewReader(text))
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("reading a posterior: %w", err)
	}
	if !slices.Equal(header, p.header()) {
		return nil, fmt.Errorf("reading a posterior: line 1: must be the columns %s, got %s", strings.Join(p.header(), ","), strings.Join(header, ","))
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading a posterior: %w", err)
	}
	for i, row := range rows {
		if err := p.add(row); err != nil {
			return nil, fmt.Errorf("reading a posterior: line %d: %w", i+2, err)
		}
	}
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("reading a posterior: %w", err)
	}
	return p, nil
}

func (p *Posterior) add(row []string) error {
	values := make([]float64, len(p.Prior))
	for j, q := range p.Prior {
		var err error
		if values[j], err = q.Parse(row[j]); err != nil {
			return err
		}
	}
	p.Values = append(p.Values, values)
	for j, to := range []*[]float64{&p.Weights, &p.Distances} {
		field := row[len(p.Prior)+j]
		x, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return fmt.Errorf("%s must be a number, got %q", p.header()[len(p.Prior)+j], field)
		}
		*to = append(*to, x)
	}
	return nil
}
