package inference

import "testing"

func TestWholeNumbersAreWrittenWithoutAnExponent(t *testing.T) {
	for _, c := range []struct {
		q    Parameter
		x    float64
		want string
	}{
		{Parameter{Name: "loss", Kind: Integer, Low: 1, High: 50_000_000}, 1_131_589, "1131589"},
		{Parameter{Name: "km", Kind: Uniform, Low: 0, High: 1}, 0.25, "0.25"},
		{Parameter{Name: "rule", Kind: Choice, Levels: []string{"a", "b"}}, 1, "b"},
	} {
		if got := c.q.Text(c.x); got != c.want {
			t.Errorf("%s: got %s, want %s", c.q.Name, got, c.want)
		}
		if back, err := c.q.Parse(c.want); err != nil || back != c.x {
			t.Errorf("%s: read back as %v, %v", c.q.Name, back, err)
		}
	}
}
