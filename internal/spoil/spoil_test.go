package spoil

import (
	"testing"

	"entrepot/sim"
)

func TestInputsAreTheSameWhereverTheyAreMadeAndDifferFromEachOther(t *testing.T) {
	seeds := []string{"version: 1\nextends: [calm]\n", "id,low,high\na,1,2\n"}
	seen, same := map[string]bool{}, 0
	for i := range uint64(2000) {
		text := Near(sim.NewKey(i), seeds)
		if text != Near(sim.NewKey(i), seeds) {
			t.Fatalf("input %d differs when it is made again", i)
		}
		if text == seeds[0] || text == seeds[1] {
			same++
		}
		seen[text] = true
	}
	if len(seen) < 1700 || same > 60 {
		t.Errorf("must be inputs that differ, got %d different of 2000, %d of them as the seeds", len(seen), same)
	}
}
