package experiment

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"entrepot/internal/spoil"
	"entrepot/scenarios"
)

// What people write for studies: targets files, --vary, design files and periods. Each is refused with places, or it is what it says.

func theTextbook(t testing.TB) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load("textbook", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var mustGot = regexp.MustCompile(`^must .*, got\b`)

// placed asks what holds for any refusal: problems, each with a place and one line of text.
func placed(t *testing.T, err error) {
	t.Helper()
	var problems scenarios.Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("must be problems, got %T %v", err, err)
	}
	for _, p := range problems {
		if p.File == "" || p.Line < 1 || p.Col < 1 || p.Msg == "" || !utf8.ValidString(p.String()) {
			t.Fatalf("must have a place and a text, got %+v", p)
		}
	}
}

func targetSeeds(t testing.TB) []string {
	data, err := os.ReadFile("testdata/targets.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	seeds := []string{string(data), lines[0]}
	for i := 1; i+3 < len(lines); i += 3 {
		seeds = append(seeds, lines[0]+strings.Join(lines[i:i+3], ""))
	}
	return append(seeds, "id,kind,good,place,start,end,low,high,unit\na,price_ratio,ak/pistol,end|middle/end,2021,2022-02,1,2,2022/2021\nb,sign,ak,end,,,-1,1,\nc,count,patrols,middle,2021-05,,0,1e15,%\n")
}

func targetsOfAnything(t *testing.T, s *scenarios.Scenario, data string) {
	targets, err := ReadTargets(s, "t.csv", []byte(data))
	if err != nil {
		placed(t, err)
		return
	}
	for i := range targets {
		x := &targets[i]
		if x.Measurable() == (x.Why != nil) || !(x.Low <= x.High) && !x.Sign {
			t.Fatalf("%s: measurable %v, from %v to %v, %q", x.Fact.ID, x.Measurable(), x.Low, x.High, x.Why)
		}
		_ = x.What.String() + x.Why.String() + x.Documented()
	}
	_ = MainFigures(s)
}

func FuzzTargets(f *testing.F) {
	for _, s := range targetSeeds(f) {
		f.Add(s)
	}
	s := theTextbook(f)
	f.Fuzz(func(t *testing.T, data string) { targetsOfAnything(t, s, data) })
}

func TestTargetsNearGoodOnesAreRefusedOrRead(t *testing.T) {
	mali, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	spoil.Each(t, 150, targetSeeds(t), func(t *testing.T, data string) { targetsOfAnything(t, mali, data) })
}

func varySeeds() []string {
	return []string{"road.payment=1000:50000:5:log", "road.mu", "violence.mode", "violence.mode=table,endogenous", "trafficker.tau|road.mu=5:10", "events.road-watched.value=0.1:0.9", "=", "a=b",
		"parameters.road.payment=1:2:3", "title=a,b", "road.payment=1:1", "trafficker.lag_kin=1:3", "events.road-watched.date=2022-01-03,2022-02-30", "road.mu=NaN:Inf", "road.mu=-1:1:log", "group.drone_support", "é|é=1:2"}
}

func variedOfAnything(t *testing.T, s *scenarios.Scenario, text string) {
	factors, err := ReadFactors("--vary", []string{text, "road.mu=10000:20000"}, s)
	if err != nil {
		placed(t, err)
		return
	}
	for i := range factors {
		f := &factors[i]
		if err := f.Check(); err != nil {
			t.Fatalf("%q is taken for what it is not: %v", text, err)
		}
		for _, x := range tries(f) {
			if _, err := s.With(setsOf(f.Name, f.Text(x))); err != nil {
				t.Fatalf("%q: the scenario does not take %s: %v", text, f.Text(x), err)
			}
		}
	}
}

func FuzzVary(f *testing.F) {
	for _, s := range varySeeds() {
		f.Add(s)
	}
	s := theTextbook(f)
	f.Fuzz(func(t *testing.T, text string) { variedOfAnything(t, s, text) })
}

func TestVariationsNearGoodOnesAreRefusedOrTaken(t *testing.T) {
	s := theTextbook(t)
	spoil.Each(t, 300, varySeeds(), func(t *testing.T, text string) { variedOfAnything(t, s, text) })
}

func listSeeds() []string {
	return []string{"road.payment,violence.mode,events.road-watched.date\n1000,table,2022-01-03\n2000,endogenous,2022-05-01\n", "road.mu\n1000\n2e4\n", "road.payment,road.payment\n1,2\n", "\"a\n", "trafficker.tau|road.mu\n5\n",
		"title\na\nb\n", "road.mu,\n1,2\n"}
}

func designOfAnything(t *testing.T, s *scenarios.Scenario, data string) {
	d, err := ListDesign("d.csv", []byte(data), s)
	if err != nil {
		placed(t, err)
		return
	}
	points, _ := PointsOf(d, s)
	if len(points) != len(d.Points) || len(points) == 0 {
		t.Fatalf("%d points of %d", len(points), len(d.Points))
	}
}

func FuzzDesign(f *testing.F) {
	for _, s := range listSeeds() {
		f.Add(s)
	}
	s := theTextbook(f)
	f.Fuzz(func(t *testing.T, data string) { designOfAnything(t, s, data) })
}

func TestDesignFilesNearGoodOnesAreRefusedOrTaken(t *testing.T) {
	s := theTextbook(t)
	spoil.Each(t, 400, listSeeds(), func(t *testing.T, data string) { designOfAnything(t, s, data) })
}

func FuzzSpan(f *testing.F) {
	for _, s := range []string{"2023", "2023-08", "2023-08-13", "2023-13", "0000", "9999"} {
		f.Add(s, "2024")
	}
	f.Fuzz(func(t *testing.T, from, to string) {
		s, err := SpanOf(from, to)
		if err != nil {
			if !mustGot.MatchString(err.Error()) {
				t.Fatal(err)
			}
			return
		}
		if s.String() == "" || s.First > s.First+366 {
			t.Fatalf("%q to %q is %v", from, to, s)
		}
	})
}
