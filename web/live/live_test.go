package live

import (
	"context"
	"encoding/json"
	"testing"
)

// ask returns the lines of an answer.
func ask(t testing.TB, d *Desk, name, question string) (lines []string) {
	t.Helper()
	err := d.Answer(context.Background(), name, []byte(question), func(line []byte) error {
		lines = append(lines, string(line))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// read reads a line into something.
func read(t testing.TB, line string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), into); err != nil {
		t.Fatalf("%v in %.200s", err, line)
	}
}

func TestARunIsToldWeekByWeek(t *testing.T) {
	lines := ask(t, new(Desk), "run", `{"state":{"scenario":"textbook"}}`)
	if len(lines) != 158 {
		t.Fatalf("got %d lines, want a world, 156 weeks and an end", len(lines))
	}
	for i, line := range lines {
		var head struct {
			Kind string
			T    int
		}
		read(t, line, &head)
		if want := map[int]string{0: "world", 157: "end"}[i]; want != "" && head.Kind != want || want == "" && (head.Kind != "week" || head.T != i-1) {
			t.Errorf("line %d: got %s of week %d", i, head.Kind, head.T)
		}
	}
}
