package inference

import (
	"strings"
	"testing"

	"entrepot/internal/spoil"
)

func posteriorOfAnything(t *testing.T, text string) {
	p, err := ParsePosterior(laws(), text)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "reading a posterior: ") {
			t.Fatal(err)
		}
		return
	}
	if again, err := ParsePosterior(laws(), p.CSV()); err != nil || again.CSV() != p.CSV() {
		t.Fatalf("must read back from its table, got %v", err)
	}
}

func posteriorSeeds() []string { return []string{sample(40).CSV(), sample(2).CSV(), sample(1).CSV()} }

func FuzzPosterior(f *testing.F) {
	for _, s := range posteriorSeeds() {
		f.Add(s)
	}
	f.Fuzz(posteriorOfAnything)
}

func TestPosteriorsNearGoodOnesAreRefusedOrRead(t *testing.T) {
	spoil.Each(t, 2000, posteriorSeeds(), posteriorOfAnything)
}
