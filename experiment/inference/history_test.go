package inference

import (
	"math"
	"strings"
	"testing"

	"entrepot/sim"
)

// points are uniform unit points.
func points(n, d int, k sim.Key) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, d)
		for j := range out[i] {
			out[i][j] = k.At(uint64(i)).At(uint64(j)).Float()
		}
	}
	return out
}

// replicate runs a noisy function r times at each point.
func replicate(f func(u []float64) []float64, sd float64, r int, at [][]float64, k sim.Key) []Outcome {
	var out []Outcome
	for i, u := range at {
		o := Outcome{Unit: u}
		for n := range r {
			y := f(u)
			for m := range y {
				y[m] += sd * k.At(uint64(i)).At(uint64(n)).At(uint64(m)).Normal()
			}
			o.Runs = append(o.Runs, y)
		}
		out = append(out, o)
	}
	return out
}

// cross knows sum and difference of two coordinates.
func cross(u []float64) []float64 { return []float64{u[0] + u[1], u[0] - u[1]} }

func ring(u []float64) []float64 { return []float64{u[0]*u[0] + u[1]*u[1]} }

// World: figures err with sd 0.02, single runs with 0.02. Every repetition has a true point of its own, whose figures are those
// of one run and err; it is matched with two to five replicates among 20 others.
func TestTrueParametersStayInNinetyNineOfAHundred(t *testing.T) {
	const repetitions, sd = 3000, 0.02
	for _, r := range []int{2, 5} {
		kept := 0
		for rep := range repetitions {
			k := sim.NewKey(21).At(uint64(r)).At(uint64(rep))
			at := points(21, 2, k.Label("points"))
			world := replicate(cross, sd, 1, at[:1], k.Label("world"))[0].Runs[0]
			var targets []Target
			for m, id := range []string{"sum", "difference"} {
				z := world[m] + 0.02*k.Label("error").At(uint64(m)).Normal()
				targets = append(targets, RangeTarget(id, z, z, 0.02, 0))
			}
			w, err := Match(Everything(2), targets, Rule{3, 1}, replicate(cross, sd, r, at, k.Label("runs")), 21)
			if err != nil {
				t.Fatal(err)
			}
			if w.Left[0] {
				kept++
			}
		}
		t.Logf("%d replicates: kept %.2f %%", r, 100*float64(kept)/repetitions)
		if float64(kept) < 0.99*repetitions {
			t.Errorf("with %d replicates the true point must be kept in 99 %% of repetitions, got %d of %d", r, kept, repetitions)
		}
	}
}

func TestKnownSharesOfSpaceAreLeft(t *testing.T) {
	const sd = 0.02
	for _, c := range []struct {
		name    string
		f       func([]float64) []float64
		targets []Target
		order   int
		share   float64
	}{
		// V = 0.02² + 0.02²(1 + 1/4) = 0.03²: what is left is a band of 0.09 either side.
		{"a ring of x²+y² = 0.5, a quarter of pi times its width", ring, []Target{RangeTarget("r", 0.5, 0.5, 0.02, 0)}, 1, math.Pi / 4 * 0.18},
		{"a square around (0.6, 0.4), standing on its corner", cross, []Target{RangeTarget("s", 1, 1, 0.02, 0), RangeTarget("d", 0.2, 0.2, 0.02, 0)}, 1, 0.18 * 0.18 / 2},
		{"two bands, when one target may be missed", cross, []Target{RangeTarget("s", 1, 1, 0.02, 0), RangeTarget("d", 0, 0, 0.02, 0)}, 2, 2*(1-0.91*0.91) - 0.18*0.18/2},
		{"a wider band with discrepancy and range", ring, []Target{RangeTarget("r", 0.4, 0.6, 0.02, 0.01-0.04/12-0.0009)}, 1, math.Pi / 4 * 0.6},
	} {
		t.Run(c.name, func(t *testing.T) {
			const n = 6000
			k := sim.NewKey(22).Label(c.name)
			at := points(n, 2, k)
			w, err := Match(Everything(2), c.targets, Rule{3, c.order}, replicate(c.f, sd, 4, at, k.Label("runs")), n)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("left %.4f (%.4f to %.4f), known %.4f", w.Share, w.ShareInterval.Low, w.ShareInterval.High, c.share)
			// Points near the edge go either way by noise, which adds a little.
			near(t, "share left", w.Share, c.share, 0.01+0.05*c.share)
		})
	}
}

func TestWavesNarrowTheSpaceAndKeepTheTruth(t *testing.T) {
	k := sim.NewKey(23)
	targets := []Target{RangeTarget("s", 1, 1, 0.02, 0), RangeTarget("d", 0.2, 0.2, 0.02, 0)}
	space := Everything(2)
	var last *Wave
	for wave := range 3 {
		var design [][]float64
		for _, u := range points(400, 2, k.At(uint64(wave))) {
			design = append(design, place(u, space.Low, space.High))
		}
		w, err := Match(space, targets, Rule{3, 1}, replicate(cross, 0.02, 4, design, k.Label("runs").At(uint64(wave))), len(design))
		if err != nil {
			t.Fatal(err)
		}
		if space, err = w.Next(); err != nil {
			t.Fatal(err)
		}
		if !space.Holds([]float64{0.6, 0.4}) {
			t.Errorf("wave %d lost the truth", wave)
		}
		last = w
		t.Logf("wave %d: left %.4f (%.4f to %.4f), box %.3f", wave+1, w.Share, w.ShareInterval.Low, w.ShareInterval.High, space.Volume())
	}
	if want := 0.18 * 0.18 / 2; !last.ShareInterval.Holds(want) && math.Abs(last.Share/want-1) > 0.15 {
		t.Errorf("share left must be near %.4f, got %.4f", want, last.Share)
	}
	if space.Volume() > 0.06 {
		t.Errorf("the box must have shrunk to about 0.04, got %.3f", space.Volume())
	}
}

func TestSignsAreMatchedByTheirChance(t *testing.T) {
	for _, c := range []struct {
		name  string
		runs  []float64
		doubt float64
		want  float64
	}{
		{"all have it", []float64{3, 1, 2}, 0.05, 0},
		{"none of ten", []float64{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, 0.05, 3.24},
		{"none of five", []float64{-1, -1, -1, -1, -1}, 0.05, 2.68},
		{"none of five, no doubt", []float64{-1, -1, -1, -1, -1}, 0, 3.30},
		{"half of four", []float64{-1, 2, -1, 2}, 0.05, 0.5 / math.Sqrt(0.0475+0.25*1.25)},
		{"a zero is half", []float64{0, 0, 0, 0}, 0.05, 0.5 / math.Sqrt(0.0475+0.25*1.25)},
		{"missing ones do not count", []float64{-1, math.NaN(), 2, -1, 2}, 0.05, 0.5 / math.Sqrt(0.0475+0.25*1.25)},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Outcome{Unit: []float64{0.5}}
			for _, x := range c.runs {
				o.Runs = append(o.Runs, []float64{x})
			}
			w, err := Match(Everything(1), []Target{SignTarget("s", true, c.doubt, 0)}, Rule{3, 1}, []Outcome{o}, 1)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "implausibility", w.Implausibility[0][0], c.want, 0.006)
		})
	}
}

// World: nine points whose runs agree to 0.02 and one whose runs are apart by 2 around a figure 2 away.
func TestNoiseOfAPointIsNeverTakenForLessThanItIs(t *testing.T) {
	var outcomes []Outcome
	for i := range 9 {
		outcomes = append(outcomes, Outcome{[]float64{float64(i) / 10}, [][]float64{{9}, {9.02}, {9.04}}})
	}
	outcomes = append(outcomes, Outcome{[]float64{1}, [][]float64{{0}, {2}, {4}}})
	w, err := Match(Everything(1), []Target{RangeTarget("y", 4, 4, 0, 0)}, Rule{3, 1}, outcomes, 10)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "implausibility of the noisy point", w.Implausibility[9][0], 2/math.Sqrt(4*4.0/3), 1e-9)
	if w.Left[0] || !w.Left[9] {
		t.Errorf("only the noisy point must be left, got %v", w.Left)
	}
}

func TestPointsWithoutFiguresAreUnknown(t *testing.T) {
	outcomes := []Outcome{{[]float64{0.1}, [][]float64{{1}, {1.1}}}, {[]float64{0.5}, [][]float64{nil, {math.NaN()}}}, {[]float64{0.9}, [][]float64{{9}, {9.1}}}}
	w, err := Match(Everything(1), []Target{RangeTarget("y", 0.5, 1.5, 0, 0)}, Rule{3, 1}, outcomes, 3)
	if err != nil {
		t.Fatal(err)
	}
	if w.Unknown != 1 || w.Share != 0.5 || !w.Left[0] || w.Left[1] || w.Left[2] {
		t.Errorf("one point must be unknown and half of the others left, got %d, %v and %v", w.Unknown, w.Share, w.Left)
	}
}

func TestMatchRefuses(t *testing.T) {
	good := []Outcome{{[]float64{0.5}, [][]float64{{1}, {2}}}}
	target := []Target{RangeTarget("y", 0, 1, 0, 0)}
	for _, c := range []struct {
		name     string
		targets  []Target
		rule     Rule
		outcomes []Outcome
		n        int
		want     string
	}{
		{"no targets", nil, Rule{3, 1}, good, 1, "must have targets"},
		{"a cut of nought", target, Rule{0, 1}, good, 1, "cut must be above 0"},
		{"fewer candidates than points", target, Rule{3, 1}, good, 0, "candidates must be at least the 1"},
		{"a point outside", target, Rule{3, 1}, []Outcome{{[]float64{1.5}, [][]float64{{1}, {2}}}}, 1, "must lie in the wave's space"},
		{"single replicates", target, Rule{3, 1}, []Outcome{{[]float64{0.5}, [][]float64{{1}}}}, 1, "at least two replicates"},
		{"a variance below nought", []Target{{ID: "y", Observation: -1}}, Rule{3, 1}, good, 1, "variances must be at least 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Match(Everything(1), c.targets, c.rule, c.outcomes, c.n); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("must say %q, got %v", c.want, err)
			}
		})
	}
}
