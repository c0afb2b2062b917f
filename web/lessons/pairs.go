package lessons

import (
	"encoding/json"
	"fmt"
	"math"
)

// NPairs is how many draws of luck an effect is shown by: each a run without the change and a run with it, under one seed.
const NPairs = 20

// t95 is the quantile of Student's distribution that the 95 % interval of a mean of NPairs draws takes (NPairs-1 degrees of freedom).
const t95 = 2.093

// Draws are the values of a measure under the seeds 1 to NPairs, in the measure's unit; NaN where there was none.
type Draws []float64

// UnmarshalJSON reads null as NaN, which JSON does not have.
func (d *Draws) UnmarshalJSON(text []byte) error {
	var all []*float64
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*d = make(Draws, len(all))
	for i, x := range all {
		(*d)[i] = math.NaN()
		if x != nil {
			(*d)[i] = *x
		}
	}
	return nil
}

// Mean returns the mean and its 95 % interval: t95 standard errors to both sides. web/page/src/lesson/pairs.ts reckons the same.
func (d Draws) Mean() (mean, low, high float64) {
	sum, squares := 0.0, 0.0
	for _, x := range d {
		sum += x
	}
	mean = sum / float64(len(d))
	for _, x := range d {
		squares += (x - mean) * (x - mean)
	}
	half := t95 * math.Sqrt(squares/float64(len(d)-1)/float64(len(d)))
	return mean, mean - half, mean + half
}

// Alike counts the draws that have the sign of the mean.
func (d Draws) Alike() int {
	mean, _, _ := d.Mean()
	n := 0
	for _, x := range d {
		if x > 0 && mean > 0 || x < 0 && mean < 0 || x == mean {
			n++
		}
	}
	return n
}

// readPairs reads what the lessons' measures came to under each seed, by lesson and measure. TestPairs writes it anew with -renew.
func readPairs() (map[string]map[string]Draws, error) {
	text, err := files.ReadFile("pairs/pairs.json")
	if err != nil {
		return nil, err
	}
	var all map[string]map[string]Draws
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("reading pairs.json: %w", err)
	}
	return all, nil
}
