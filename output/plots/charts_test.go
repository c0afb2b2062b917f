package plots

import (
	"os"
	"path/filepath"
	"testing"

	"entrepot/experiment"
	"entrepot/output/internal/synthetic"
)

func charts(t testing.TB, all []experiment.Chart, formats Formats) []Figure {
	t.Helper()
	figures, err := DrawCharts(all, formats)
	if err != nil {
		t.Fatal(err)
	}
	return figures
}

// TestChartsForTheEye draws every kind of chart and writes them where ENTREPOT_FIGURES says, to be looked at.
func TestChartsForTheEye(t *testing.T) {
	dir := os.Getenv("ENTREPOT_FIGURES")
	if dir == "" {
		dir = t.TempDir()
	}
	for _, f := range charts(t, synthetic.Charts(), Formats{PNG: true}) {
		t.Log(f.Name, len(f.SVG), len(f.Narrow), len(f.PNG))
		os.WriteFile(filepath.Join(dir, f.Name+".png"), f.PNG, 0o644)
		os.WriteFile(filepath.Join(dir, f.Name+".svg"), f.SVG, 0o644)
		os.WriteFile(filepath.Join(dir, f.Name+"-narrow.svg"), f.Narrow, 0o644)
	}
	if os.Getenv("ENTREPOT_FIGURES") == "" {
		return
	}
	for _, c := range synthetic.Charts() {
		s := chartSpec(newFonts(), c, phone)
		data, err := s.png(newFonts())
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(dir, s.name+"-narrow.png"), data, 0o644)
	}
}
