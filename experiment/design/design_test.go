package design

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"entrepot/internal/spoil"
	"entrepot/sim"

	"github.com/google/go-cmp/cmp"
)

func unit(n int) []Factor {
	factors := make([]Factor, n)
	for k := range factors {
		factors[k] = Factor{Name: "x" + string(rune('a'+k%26)) + string(rune('a'+k/26)), High: 1}
	}
	return factors
}

var (
	toll     = Factor{Name: "toll", Low: 1, High: 100, Log: true, Steps: 3}
	trucks   = Factor{Name: "trucks", Low: 2, High: 4, Integer: true}
	networks = Factor{Name: "network", Levels: []string{"tuareg", "arab"}}
)

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFactorsThatCannotBeVaried(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Factor
		want string
	}{
		{"no name", Factor{High: 1}, "a factor must have a name"},
		{"ends the wrong way round", Factor{Name: "a", Low: 2, High: 1}, "a: low must be below high and both finite, got 2 and 1"},
		{"no end", Factor{Name: "a", High: math.Inf(1)}, "a: low must be below high and both finite, got 0 and +Inf"},
		{"not a number", Factor{Name: "a", Low: math.NaN(), High: 1}, "a: low must be below high and both finite, got NaN and 1"},
		{"logarithm of nothing", Factor{Name: "a", High: 1, Log: true}, "a: low must be above 0 on a logarithmic scale, got 0"},
		{"halves of whole numbers", Factor{Name: "a", High: 1.5, Integer: true}, "a: ends of a range of whole numbers must be whole, got 0 and 1.5"},
		{"more steps than whole numbers", Factor{Name: "a", High: 2, Integer: true, Steps: 4}, "a: steps must be at most the 3 whole numbers of the range, got 4"},
		{"one step", Factor{Name: "a", High: 1, Steps: 1}, "a: steps must be at least 2, got 1"},
		{"one level", Factor{Name: "a", Levels: []string{"x"}}, "a: levels must be at least 2, got 1"},
		{"a level twice", Factor{Name: "a", Levels: []string{"x", "x"}}, `a: levels must be different and not empty, got "x"`},
		{"two mistakes at once", Factor{Name: "a%d", High: 1, Log: true, Steps: 1}, "a%d: steps must be at least 2, got 1\na%d: low must be above 0 on a logarithmic scale, got 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.f.Check(); err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if _, err := Latin([]Factor{c.f}, 4, 1); err == nil {
				t.Error("a design took the factor")
			}
		})
	}
	if _, err := Grid([]Factor{trucks, trucks}); err == nil || err.Error() != "trucks: a factor must be named once, got it again" {
		t.Errorf("a factor twice: got %v", err)
	}
}

func TestAFactorCoversItsRangeEvenly(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Factor
		want []float64 // at 0, 0.25, 0.5, 0.75, 1
	}{
		{"a range", Factor{Low: -1, High: 1}, []float64{-1, -0.5, 0, 0.5, 1}},
		{"a logarithmic range", Factor{Low: 1, High: 16, Log: true}, []float64{1, 2, 4, 8, 16}},
		{"whole numbers", Factor{Low: 1, High: 4, Integer: true}, []float64{1, 2, 3, 4, 4}},
		{"whole numbers below zero", Factor{Low: -2, High: 1, Integer: true}, []float64{-2, -1, 0, 1, 1}},
		{"whole numbers on a logarithmic scale", Factor{Low: 1, High: 15, Integer: true, Log: true}, []float64{1, 2, 4, 8, 15}},
		{"levels", Factor{Levels: []string{"a", "b"}}, []float64{0, 0, 1, 1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, want := range c.want {
				if got := c.f.At(float64(i) / 4); math.Abs(got-want) > 1e-12 {
					t.Errorf("at %g: got %v, want %v", float64(i)/4, got, want)
				}
			}
		})
	}
}

func TestAGridHasEveryCombinationOnce(t *testing.T) {
	d := must2(t)(Grid([]Factor{toll, trucks, networks}))
	var got []string
	for i := range d.Points {
		got = append(got, strings.Join(d.Text(i), " "))
	}
	want := []string{
		"1 2 tuareg", "1 2 arab", "1 3 tuareg", "1 3 arab", "1 4 tuareg", "1 4 arab",
		"10 2 tuareg", "10 2 arab", "10 3 tuareg", "10 3 arab", "10 4 tuareg", "10 4 arab",
		"100 2 tuareg", "100 2 arab", "100 3 tuareg", "100 3 arab", "100 4 tuareg", "100 4 arab",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := Grid(unit(9)); err == nil || !strings.Contains(err.Error(), "at most 1048576 points, got more with 9 factors") {
		t.Errorf("5^9 points: got %v", err)
	}
	if _, err := Grid([]Factor{{Name: "a", High: 1, Steps: math.MaxInt}}); err == nil {
		t.Error("a range of 2^63 steps was taken")
	}
}

func must2(t *testing.T) func(*Design, error) *Design {
	return func(d *Design, err error) *Design { t.Helper(); return must(t, d, err) }
}

func TestOneAtATimeLeavesAllOthersAtTheBase(t *testing.T) {
	d := must2(t)(OneAtATime([]Factor{toll, trucks, networks}, []float64{10, 3, 1}))
	want := [][]float64{{10, 3, 1}, {1, 3, 1}, {100, 3, 1}, {10, 2, 1}, {10, 4, 1}, {10, 3, 0}}
	if diff := cmp.Diff(want, d.Points); diff != "" {
		t.Error(diff)
	}
	_, err := OneAtATime([]Factor{toll, trucks, networks}, []float64{0, 2.5, 2})
	if err == nil || strings.Count(err.Error(), "its base must be") != 3 {
		t.Errorf("a base outside all ranges: got %v", err)
	}
}

func TestALatinHypercubeHasOnePointInEveryStratum(t *testing.T) {
	const n = 50
	d := must2(t)(Latin(unit(5), n, sim.NewKey(1)))
	for k := range d.Factors {
		seen := make([]int, n)
		for _, p := range d.Points {
			seen[int(p[k]*n)]++
		}
		if slices.ContainsFunc(seen, func(c int) bool { return c != 1 }) {
			t.Errorf("factor %d: points in strata %v", k, seen)
		}
	}
	more := must2(t)(Latin(append(unit(5), Factor{Name: "new", High: 1}), n, sim.NewKey(1)))
	other := must2(t)(Latin(unit(5), n, sim.NewKey(2)))
	for i := range d.Points {
		if !slices.Equal(d.Points[i], more.Points[i][:5]) {
			t.Fatal("a factor more moved the columns of the others")
		}
		if d.Points[i][0] == other.Points[i][0] {
			t.Fatal("another key gave the same point")
		}
	}
	if _, err := Latin(unit(1), 0, 1); err == nil {
		t.Error("no points were taken")
	}
}

func TestColumnsOfALatinHypercubeAreMatchedAtRandom(t *testing.T) {
	const n, tries = 16, 400
	sum := 0.0
	for s := range uint64(tries) {
		d := must2(t)(Latin(unit(2), n, sim.NewKey(s)))
		for _, p := range d.Points {
			sum += (p[0] - 0.5) * (p[1] - 0.5)
		}
	}
	// The mean product has standard deviation 1/12/sqrt(n-1) a try.
	if z := sum / n / tries * 12 * math.Sqrt((n-1)*tries); math.Abs(z) > 4 {
		t.Errorf("columns are correlated: z = %.1f", z)
	}
}

func TestAListIsReadWithItsFactors(t *testing.T) {
	d, err := List("d.csv", []byte("\ufefftoll, trucks,network\r\n10,3,arab\r\n\r\n 2.5 ,4,\"tuareg\"\r\n"), func(column string) (Factor, error) {
		for _, f := range []Factor{toll, trucks, networks} {
			if f.Name == column {
				return f, nil
			}
		}
		return Factor{}, errors.New("must be a factor")
	})
	if diff := cmp.Diff([][]float64{{10, 3, 1}, {2.5, 4, 0}}, must(t, d, err).Points); diff != "" {
		t.Error(diff)
	}
}

func TestAListAloneSaysWhatItsFactorsAre(t *testing.T) {
	d, err := List("d.csv", []byte("a,b,c,e\n1,0.5,x,7\n3,1,y,7\n2,-1,x,7\n"), nil)
	want := []Factor{{Name: "a", Low: 1, High: 3, Integer: true}, {Name: "b", Low: -1, High: 1}, {Name: "c", Levels: []string{"x", "y"}}, {Name: "e", Low: 7, High: 7, Integer: true}}
	if diff := cmp.Diff(want, must(t, d, err).Factors); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2", "-1", "x", "7"}, d.Text(2)); diff != "" {
		t.Error(diff)
	}
}

func TestAllMistakesOfAListAreToldWithTheirPlace(t *testing.T) {
	lookup := func(column string) (Factor, error) {
		switch column {
		case "toll", "trucks", "network":
			return map[string]Factor{"toll": toll, "trucks": trucks, "network": networks}[column], nil
		case "épée":
			return Factor{Name: column, High: 1}, nil
		}
		return Factor{}, errors.New("must be a parameter; did you mean toll?")
	}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{"d.csv:1:1: must be a header and at least one point, got no point"}},
		{"a header only", "toll\n", []string{"d.csv:1:1: must be a header and at least one point, got no point"}},
		{"values", "toll,trucks,network\n0,3.5,arab\n1, 9,fulani\nx,3,arab\n", []string{
			`d.csv:2:1: toll: must be a number from 1 to 100, got "0"`,
			`d.csv:2:3: trucks: must be a whole number from 2 to 4, got "3.5"`,
			`d.csv:3:4: trucks: must be a whole number from 2 to 4, got "9"`,
			`d.csv:3:6: network: must be one of ["tuareg" "arab"], got "fulani"`,
			`d.csv:4:1: toll: must be a number from 1 to 100, got "x"`,
		}},
		{"names", "tol,toll,toll,\n1,1,1,1\n", []string{
			"d.csv:1:1: tol: must be a parameter; did you mean toll?",
			"d.csv:1:10: toll: must be named once, got it in column 2 too",
			"d.csv:1:15: must be the name of a factor, got nothing",
		}},
		{"length of a row and a value of it", "toll,trucks\n0\n1,2,3\n", []string{
			"d.csv:2:1: must be a row of 2 fields as the header, got 1",
			`d.csv:2:1: toll: must be a number from 1 to 100, got "0"`,
			"d.csv:3:1: must be a row of 2 fields as the header, got 3",
		}},
		{"columns are counted in characters", "épée,toll\n2,1\n", []string{`d.csv:2:1: épée: must be a number from 0 to 1, got "2"`}},
		{"after letters of two bytes", "épée,tol\n0,1\n", []string{"d.csv:1:6: tol: must be a parameter; did you mean toll?"}},
		{"a quote that does not end", "toll\n0\n\"1\n", []string{
			`d.csv:2:1: toll: must be a number from 1 to 100, got "0"`,
			`d.csv:3:3: must be a comma-separated row, got extraneous or missing " in quoted-field`,
		}},
		{"a value that is missing", "toll,trucks\n,2\n", []string{"d.csv:2:1: toll: must be a value, got nothing"}},
		{"no text", "toll\n1\né\ufffd\x94\n", []string{"d.csv:3:3: must be UTF-8 text, got the byte 0x94"}},
		{"not a number", "toll\nNaN\n", []string{`d.csv:2:1: toll: must be a number from 1 to 100, got "NaN"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := List("d.csv", []byte(c.text), lookup)
			var got Problems
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			var lines []string
			for _, p := range got {
				lines = append(lines, p.String())
			}
			if diff := cmp.Diff(c.want, lines); diff != "" {
				t.Error(diff)
			}
			if !strings.HasSuffix(err.Error(), "; nothing was run") {
				t.Errorf("no count: %v", err)
			}
		})
	}
}

func listSeeds() []string {
	return []string{"a,b\n1,x\n", "\ufeff\"\n", "a\n\"1\n2", "a,\r\n\r\n,", "é,é\n\"\"\"x"}
}

func FuzzList(f *testing.F) {
	for _, s := range listSeeds() {
		f.Add(s)
	}
	f.Fuzz(listOfAnything)
}

func TestListsNearGoodOnesAreReadOrRefused(t *testing.T) {
	spoil.Each(t, 3000, listSeeds(), listOfAnything)
}

func listOfAnything(t *testing.T, text string) {
	d, err := List("x", []byte(text), nil)
	if err != nil {
		return
	}
	for i, p := range d.Points {
		for k, s := range d.Text(i) {
			if x, err := d.Factors[k].Parse(s); err != nil || x != p[k] {
				t.Fatalf("%q reads back as %v, %v, want %v", s, x, err, p[k])
			}
		}
	}
}

func TestATrajectoryMovesOneFactorAStep(t *testing.T) {
	for _, o := range []MorrisOptions{{Trajectories: 30, Key: 1}, {Trajectories: 10, Levels: 6, Candidates: 40, Key: 2}} {
		const d = 7
		m, err := Morris(unit(d), o)
		must(t, m, err)
		if len(m.Points) != o.Trajectories*(d+1) || len(m.Steps) != o.Trajectories {
			t.Fatalf("got %d points, %d trajectories", len(m.Points), len(m.Steps))
		}
		for i, steps := range m.Steps {
			moved := make([]int, d)
			for s, step := range steps {
				from, to := m.Points[i*(d+1)+s], m.Points[i*(d+1)+s+1]
				for k := range d {
					want := 0.0
					if k == step.Factor {
						want = step.Change
						moved[k]++
					}
					if math.Abs(to[k]-from[k]-want) > 1e-12 {
						t.Fatalf("trajectory %d, step %d, factor %d: moved by %v, want %v", i, s, k, to[k]-from[k], want)
					}
				}
			}
			if slices.ContainsFunc(moved, func(n int) bool { return n != 1 }) {
				t.Fatalf("trajectory %d: moves of the factors %v", i, moved)
			}
		}
	}
}

func TestTrajectoriesVisitAllLevelsEquallyAndStepBothWays(t *testing.T) {
	m, err := Morris(unit(3), MorrisOptions{Trajectories: 4000, Key: sim.NewKey(3)})
	must(t, m, err)
	if m.Delta != 2.0/3 {
		t.Errorf("delta: got %v", m.Delta)
	}
	count := make([]int, 4)
	for _, p := range m.Points {
		count[int(math.Round(p[0]*3))]++
	}
	for _, c := range count { // neighbours on a trajectory go together, so five standard deviations of the trajectories
		if math.Abs(float64(c)/16000-0.25) > 5*math.Sqrt(0.25*0.75/4000) {
			t.Errorf("visits of levels: %v", count)
		}
	}
	up, first := 0, make([]int, 3)
	for _, steps := range m.Steps {
		first[steps[0].Factor]++
		if steps[0].Change > 0 {
			up++
		}
	}
	if math.Abs(float64(up)-2000) > 160 || slices.Min(first) < 1333-150 {
		t.Errorf("%d of 4000 first steps go up, first factors %v", up, first)
	}
}

func TestChosenTrajectoriesAreFartherApart(t *testing.T) {
	spread := func(candidates int) (sum float64) {
		const levels = 4
		walks := make([]walk, max(candidates, 8))
		for i := range walks {
			walks[i] = newWalk(6, levels, sim.NewKey(5).At(uint64(i)))
		}
		far := distances(walks, levels)
		for _, i := range scattered(walks, 8, levels) {
			for _, j := range scattered(walks, 8, levels) {
				sum += far[i][j]
			}
		}
		return sum
	}
	if plain, chosen := spread(0), spread(200); chosen < 1.1*plain {
		t.Errorf("spread of 8 chosen of 200: %g, of the first 8: %g", chosen, plain)
	}
}

func TestMoreTrajectoriesLeaveTheFirstWhereTheyWere(t *testing.T) {
	few, err := Morris(unit(3), MorrisOptions{Trajectories: 5, Key: 9})
	must(t, few, err)
	many, err := Morris(unit(3), MorrisOptions{Trajectories: 9, Key: 9})
	must(t, many, err)
	if diff := cmp.Diff(few.Points, many.Points[:len(few.Points)]); diff != "" {
		t.Error(diff)
	}
}

func TestOptionsOfTrajectoriesAreChecked(t *testing.T) {
	for _, c := range []struct {
		o    MorrisOptions
		want string
	}{
		{MorrisOptions{}, "trajectories must be from 1"},
		{MorrisOptions{Trajectories: 5, Levels: 3}, "levels of trajectories must be even, from 2 to 1024, got 3"},
		{MorrisOptions{Trajectories: 5, Candidates: 4}, "candidates must be from the 5 trajectories to 1000, got 4"},
		{MorrisOptions{Trajectories: 5, Candidates: 1001}, "got 1001"},
		{MorrisOptions{Trajectories: 1 << 20}, "a design must have at most 1048576 points, got 2097152"},
	} {
		if _, err := Morris(unit(1), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %s", c.o, err, c.want)
		}
	}
}

func TestSaltelliRowsSwapOneFactor(t *testing.T) {
	for _, second := range []bool{false, true} {
		s, err := NewSaltelli(unit(3), 8, second, sim.NewKey(1))
		must(t, s, err)
		if want := map[bool]int{false: 8 * 5, true: 8 * 8}[second]; len(s.Points) != want {
			t.Fatalf("points: got %d, want %d", len(s.Points), want)
		}
		for row := range s.Rows {
			a, b := s.Points[s.A(row)], s.Points[s.B(row)]
			for k := range 3 {
				for j := range 3 {
					if got := s.Points[s.AB(row, k)][j]; (got == b[j]) != (j == k) || (got == a[j]) != (j != k) {
						t.Fatalf("row %d: AB_%d has %v, A %v, B %v", row, k, s.Points[s.AB(row, k)], a, b)
					}
					if second {
						if got := s.Points[s.BA(row, k)][j]; (got == a[j]) != (j == k) || (got == b[j]) != (j != k) {
							t.Fatalf("row %d: BA_%d has %v, A %v, B %v", row, k, s.Points[s.BA(row, k)], a, b)
						}
					}
				}
			}
		}
		small, err := NewSaltelli(unit(3), 4, second, sim.NewKey(1))
		if diff := cmp.Diff(must(t, small, err).Points, s.Points[:len(small.Points)]); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := NewSaltelli(unit(129), 8, false, 1); err == nil || err.Error() != "factors of a Saltelli design must be at most 128, got 129" {
		t.Errorf("got %v", err)
	}
}

// A design decides runs: its bytes are the same on every machine, and a change of them is a change of results.
func TestDesignsAreTheSameEverywhere(t *testing.T) {
	h := uint64(14695981039346656037)
	hash := func(d *Design, err error) {
		for _, p := range must(t, d, err).Points {
			for _, x := range p {
				for b := math.Float64bits(x); ; b >>= 8 {
					if h = (h ^ b&255) * 1099511628211; b == 0 {
						break
					}
				}
			}
		}
	}
	factors := []Factor{toll, trucks, networks, {Name: "share", Low: 0.1, High: 0.7}}
	hash(Grid(factors))
	hash(Latin(factors, 33, sim.NewKey(1)))
	hash(Sobol(factors, 64, sim.NewKey(1)))
	m, err := Morris(factors, MorrisOptions{Trajectories: 6, Candidates: 30, Key: sim.NewKey(1)})
	hash(&m.Design, err)
	s, err := NewSaltelli(factors, 16, true, sim.NewKey(1))
	hash(&s.Design, err)
	if h != 0xe9d5da430305d4f0 {
		t.Errorf("hash of designs: got %#x", h)
	}
}
