package scenarios

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"entrepot/agents"
	"entrepot/internal/spoil"
)

// Whatever stands in a file or a --set, it is refused with places, or it is a scenario that loads again to the same and whose first
// weeks balance. With go test -fuzz the inputs are sought; without, some near good ones are tried.

// loadSeeds are scenario files over good.yaml.
func loadSeeds(t testing.TB) (seeds []string) {
	for _, pattern := range []string{"testdata/bad/*.yaml", "testdata/good.yaml"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, p := range paths {
			seeds = append(seeds, string(read(t, p)))
		}
	}
	return seeds
}

// setSeeds are changes of good.yaml.
func setSeeds() []string {
	return []string{"trafficker.tau=5", "events.taken=null", "a", "=", "title=[", "events.x={kind: route}", "parameters={a: {b: 1}}", "events.glut.factor=0.5", "period.end=2022-06-30",
		"events.taken.date=2022-02-30", "group.drone_support=false", "world=textbook", "assumptions=[a, b]", "compare.before=[2022-01, 2022-02]", "parameters.road.payment=1e3",
		"events.m={cause: c, date: 2022-02-01, kind: force, force: army, action: campaign, hubs: [north, middle]}", "violence.mode=table", "title=é: {a", "trafficker={tau: 3, lag_kin: 1}"}
}

func tableSeeds(t testing.TB) (names, seeds []string) {
	base := goodFS(t)
	for _, table := range Tables() {
		names, seeds = append(names, table.File), append(seeds, string(base["tiny/"+table.File].Data))
	}
	return names, seeds
}

// with lays a file over some.
func with(base fstest.MapFS, name string, data []byte) fstest.MapFS {
	fsys := fstest.MapFS{name: {Data: data}}
	for other, file := range base {
		if other != name {
			fsys[other] = file
		}
	}
	return fsys
}

// loaded is what holds for any scenario and any --set over it.
func loaded(t *testing.T, fsys fstest.MapFS, path, set string) {
	t.Helper()
	s, err := LoadFS(fsys, path, []string{set})
	if err != nil {
		checkProblems(t, fsys, err)
		return
	}
	again, err := LoadFS(with(fsys, "again.yaml", s.Resolved), "again.yaml", nil)
	if err != nil {
		t.Fatalf("resolved does not load: %v\n%s", err, s.Resolved)
	}
	if again.Hash != s.Hash {
		t.Fatalf("resolved has another hash:\n%s\n%s", s.Resolved, again.Resolved)
	}
	lives(t, s)
}

// lives runs the first weeks of a scenario; every week checks its books. Worlds of hundred thousands of carriers take too long here.
func lives(t *testing.T, s *Scenario) {
	t.Helper()
	carriers := int64(0)
	for _, n := range s.Setup.Networks {
		carriers += int64(n.Carriers) * s.Setup.Params.Trafficker.Scale
	}
	if carriers > 50_000 {
		return
	}
	m, err := agents.New(s.Setup, 1)
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if err := m.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, s := range loadSeeds(f) {
		f.Add([]byte(s), "trafficker.tau=5")
	}
	base := goodFS(f)
	f.Fuzz(func(t *testing.T, data []byte, set string) {
		loaded(t, with(base, "fuzz.yaml", data), "fuzz.yaml", set)
	})
}

func TestScenariosNearGoodAndBadOnesAreRefusedOrLoad(t *testing.T) {
	base := goodFS(t)
	spoil.Each(t, 1000, loadSeeds(t), func(t *testing.T, text string) {
		loaded(t, with(base, "near.yaml", []byte(text)), "near.yaml", "trafficker.tau=5")
	})
}

func FuzzSet(f *testing.F) {
	for _, s := range setSeeds() {
		f.Add(s)
	}
	base := goodFS(f)
	f.Fuzz(func(t *testing.T, set string) { loaded(t, base, "good.yaml", set) })
}

func TestSetsNearGoodAndBadOnesAreRefusedOrLoad(t *testing.T) {
	base := goodFS(t)
	spoil.Each(t, 1000, setSeeds(), func(t *testing.T, set string) { loaded(t, base, "good.yaml", set) })
}

func FuzzTables(f *testing.F) {
	names, seeds := tableSeeds(f)
	for i := range names {
		f.Add(names[i], []byte(seeds[i]))
	}
	base := goodFS(f)
	f.Fuzz(func(t *testing.T, file string, data []byte) {
		if fs.ValidPath("tiny/" + file) {
			loaded(t, with(base, "tiny/"+file, data), "good.yaml", "trafficker.tau=5")
		}
	})
}

func TestTablesNearGoodOnesAreRefusedOrLoad(t *testing.T) {
	base := goodFS(t)
	names, seeds := tableSeeds(t)
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			spoil.Each(t, 100, seeds[i:i+1], func(t *testing.T, text string) {
				loaded(t, with(base, "tiny/"+name, []byte(text)), "good.yaml", "trafficker.tau=5")
			})
		})
	}
}

func priorSeeds() []string {
	return []string{"path,low,high,scale,source,grade,note\nroad.payment,1000,50000,log,test,C,\"a, b\"\nevents.glut.factor|events.glut.price,0.5,2,linear,,,\n", "path,low,high\na,1,2\na,2,1\n", "path\n", ""}
}

func priorsOfAnything(t *testing.T, text string) {
	priors, err := ReadPriors("p.csv", []byte(text))
	if err != nil {
		checkProblems(t, fstest.MapFS{"p.csv": {Data: []byte(text)}}, err)
		return
	}
	for _, p := range priors {
		if !(p.Low < p.High) || p.Log && !(p.Low > 0) || p.Path == "" {
			t.Fatalf("must be a range of something, got %+v", p)
		}
	}
}

func FuzzPriors(f *testing.F) {
	for _, s := range priorSeeds() {
		f.Add(s)
	}
	f.Fuzz(priorsOfAnything)
}

func TestPriorsNearGoodOnesAreRefusedOrRead(t *testing.T) {
	spoil.Each(t, 3000, priorSeeds(), priorsOfAnything)
}

func periodOfAnything(t *testing.T, text string) {
	first, last, err := MonthSpan(text)
	if err != nil {
		if !form.MatchString(err.Error()) || first != 0 || last != 0 {
			t.Fatalf("%q: %v, %v, %v", text, first, last, err)
		}
		return
	}
	if !strings.HasPrefix(first.String(), text) || !strings.HasPrefix(last.String(), text) || last < first {
		t.Fatalf("%q is read as %s to %s", text, first, last)
	}
	if days := last - first; days > 365 {
		t.Fatalf("%q is read as %d days", text, days)
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range periodSeeds() {
		f.Add(s)
	}
	f.Fuzz(periodOfAnything)
}

func TestPeriodsNearGoodOnesAreRefusedOrRead(t *testing.T) {
	spoil.Each(t, 5000, periodSeeds(), periodOfAnything)
}

func periodSeeds() []string {
	return []string{"2023", "2023-08", "2023-08-13", "2023-02-30", "0000", "9999-12", "9999", "2023-13", "-001", "２０２３", "2023-08-13T"}
}

// checkProblems asks what holds for any refusal: it is Problems, each with a place that exists and one line that says what must be and
// what was got.
func checkProblems(t *testing.T, fsys fstest.MapFS, err error) {
	t.Helper()
	problems, ok := err.(Problems)
	if !ok || len(problems) == 0 {
		t.Fatalf("must be Problems, got %T %v", err, err)
	}
	for _, p := range problems {
		if wrong := misplaced(p, fsys); wrong != "" {
			t.Fatalf("%s: %s", wrong, p)
		}
	}
}

// form is how a refusal speaks.
var form = regexp.MustCompile(`^must .*, got\b`)

// misplaced says what is wrong with a problem itself.
func misplaced(p Problem, fsys fstest.MapFS) string {
	switch {
	case p.File == "" || p.Line < 1 || p.Col < 1:
		return "must have a place"
	case !form.MatchString(p.Msg):
		return "must say what must be and what was got"
	case !utf8.ValidString(p.String()) && utf8.ValidString(p.File):
		return "must be text"
	}
	if file := fsys[p.File]; file != nil {
		lines := strings.Split(strings.TrimPrefix(string(file.Data), "\ufeff"), "\n")
		if p.Line > len(lines) || p.Col > utf8.RuneCountInString(lines[p.Line-1])+2 {
			return "must be a place of the file"
		}
	}
	return ""
}
