package live

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const pair = `"a":{"scenario":"textbook"},"b":{"scenario":"textbook","parameters":{"road.payment":"900000"}},"runs":7`

// partsOf lives a comparison in parts and returns the rows of each.
func partsOf(t *testing.T, d *Desk, parts int) (rows []string) {
	t.Helper()
	for i := range parts {
		lines := ask(t, d, "compare", fmt.Sprintf(`{%s,"part":%d,"of":%d}`, pair, i, parts))
		var line partLine
		read(t, lines[len(lines)-1], &line)
		if line.Kind != "part" || line.Part != i || line.Of != parts {
			t.Fatalf("got %s %d of %d", line.Kind, line.Part, line.Of)
		}
		rows = append(rows, line.Rows)
	}
	return rows
}

func TestAComparisonInPartsIsTheSame(t *testing.T) {
	d := &Desk{Parts: true}
	whole := ask(t, d, "compare", `{`+pair+`}`)
	for _, parts := range []int{1, 2, 3} {
		rows, err := json.Marshal(partsOf(t, d, parts))
		if err != nil {
			t.Fatal(err)
		}
		lines := ask(t, d, "compare", fmt.Sprintf(`{%s,"parts":%s}`, pair, rows))
		if got, want := lines[len(lines)-1], whole[len(whole)-1]; got != want {
			t.Errorf("in %d parts: got %.300s, want %.300s", parts, got, want)
		}
		if n := len(lines); n > 2 {
			t.Errorf("in %d parts: %d lines, so that runs were lived again", parts, n)
		}
	}
}

func TestDamagedPartsAreRefused(t *testing.T) {
	d := &Desk{Parts: true}
	rows, err := base64.StdEncoding.DecodeString(partsOf(t, d, 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"no base64": "§", "cut": base64.StdEncoding.EncodeToString(rows[:len(rows)-3]),
		"a length beyond the end": base64.StdEncoding.EncodeToString([]byte{0, 1, 255, 255, 255, 255, 15}),
	} {
		question, err := json.Marshal([]string{bad})
		if err != nil {
			t.Fatal(err)
		}
		lines := ask(t, d, "compare", fmt.Sprintf(`{%s,"parts":%s}`, pair, question))
		if got := lines[len(lines)-1]; !strings.Contains(got, errPart.Error()) {
			t.Errorf("%s: got %.200s", name, got)
		}
	}
	if got := ask(t, new(Desk), "compare", `{`+pair+`,"part":0,"of":2}`); !strings.Contains(got[0], `"path":"part"`) {
		t.Errorf("a desk for many takes parts: %.200s", got[0])
	}
}
