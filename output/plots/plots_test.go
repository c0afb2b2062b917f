package plots

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"entrepot/output/digest"
	"entrepot/output/internal/synthetic"
	"entrepot/sim"
)

func history(t testing.TB) *digest.Digest {
	t.Helper()
	return digest.Make(synthetic.Run(574, sim.DateOf(2015, 1, 5)), synthetic.Context())
}

// TestFiguresForTheEye writes the figures where ENTREPOT_FIGURES says, to be looked at.
func TestFiguresForTheEye(t *testing.T) {
	dir := os.Getenv("ENTREPOT_FIGURES")
	if dir == "" {
		t.Skip("ENTREPOT_FIGURES is not set")
	}
	d := history(t)
	begin := time.Now()
	figures, err := Draw(d, Formats{PNG: true})
	t.Log(time.Since(begin))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		t.Log(f.Name, len(f.SVG), len(f.PNG))
		os.WriteFile(filepath.Join(dir, f.Name+".png"), f.PNG, 0o644)
		os.WriteFile(filepath.Join(dir, f.Name+".svg"), f.SVG, 0o644)
	}
}
