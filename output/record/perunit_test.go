package record

import (
	"testing"

	"entrepot/sim"
)

func TestTheTypicalBookIsNearTheMeanAndNotOfAnEmptyWeek(t *testing.T) {
	books := []keptBook{{week: 1, price: 900, units: 10}, {week: 2, price: 201, units: 1}, {week: 3, price: 210, units: 30}, {week: 4, price: 100, units: 40}}
	if got := typical(books); got.week != 3 { // the mean is 240; week 2 sold a single unit
		t.Errorf("got week %d, want 3", got.week)
	}
	if got := typical([]keptBook{{week: 7}}); got.week != 7 {
		t.Errorf("a book that did not clear is better than none, got week %d", got.week)
	}
}

func TestPerUnit(t *testing.T) {
	for _, c := range []struct {
		name  string
		cost  [sim.NComponents]int64
		units int64
		want  [sim.NComponents]int64
	}{
		{"even division", [7]int64{300, 30, 0, 0, 0, 0, 60}, 3, [7]int64{100, 10, 0, 0, 0, 0, 20}},
		{"the largest rest is rounded up", [7]int64{10, 11, 0, 0, 0, 0, 0}, 3, [7]int64{3, 4, 0, 0, 0, 0, 0}},
		{"equal rests: the first component", [7]int64{1, 1, 1, 0, 0, 0, 0}, 3, [7]int64{1, 0, 0, 0, 0, 0, 0}},
		{"a negative margin is rounded down first", [7]int64{10, 0, 0, 0, 0, 0, -4}, 3, [7]int64{3, 0, 0, 0, 0, 0, -1}},
		{"one unit", [7]int64{5, 1, 2, 3, 4, 5, -20}, 1, [7]int64{5, 1, 2, 3, 4, 5, -20}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := PerUnit(c.cost, c.units)
			if got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			var sum, stack int64
			for i := range got {
				sum += got[i]
				stack += c.cost[i]
			}
			if sum*c.units != stack {
				t.Errorf("%v sums to %d a unit, want %d", got, sum, stack/c.units)
			}
		})
	}
}
