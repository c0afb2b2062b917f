package web

import (
	"testing"
)

// charts finds the charts of a room that lack a table of all they show, or buttons for their data and their picture, beside them.
const charts = `(() => {
	const lacking = []
	let many = 0
	for (const chart of document.querySelectorAll('.market .time, #room .time, #room svg[role=img]')) {
		if (!chart.getClientRects().length) continue
		many++
		let around = chart.parentElement
		while (around.id !== 'room' && !around.matches('main') && !(around.querySelector('details table, details [role=region], details summary') && around.querySelectorAll('.export button').length >= 2)) around = around.parentElement
		if (around.id === 'room' || around.matches('main')) lacking.push(chart.getAttribute('aria-label').slice(0, 90))
	}
	return { many, lacking }
})()`

// Each chart of the page has what it shows as a table, and its data and picture to save.
func TestEachChartHasItsTableAndItsExport(t *testing.T) {
	for _, c := range []struct {
		tab, scenario, before string
		least                 int
	}{
		{"hub", "textbook", `true`, 5},
		{"actors", "offensive", `(async () => { for (const of of ['groups', 'networks']) { document.querySelector('[aria-labelledby=' + of + '-title] th button').click(); await new Promise((go) => setTimeout(go, 400)); } return true })()`, 3},
		{"actors", "offensive", `(async () => { document.querySelector('[aria-labelledby=networks-title] th button').click(); await new Promise((go) => setTimeout(go, 400)); return true })()`, 5},
		{"compare", "textbook", `true`, 3},
	} {
		t.Run(c.tab, func(t *testing.T) {
			var p *page
			if c.tab == "compare" { // with something to compare
				p = visit(t, 1400, 900, fragment(map[string]any{"a": at(c.scenario, "1"), "view": map[string]any{"tab": c.tab},
					"state": map[string]any{"scenario": c.scenario, "seed": "1", "parameters": map[string]string{"road.payment": "800000"}}}))
				p.ran()
				p.wait("both", `document.querySelector('#room svg[role=img]')`)
			} else {
				p = room(t, c.scenario, c.tab, "en", 1400, 900)
			}
			value[bool](p, c.before)
			value[bool](p, `([...document.querySelectorAll('#room details:not([open])')].forEach((d) => (d.open = true)), true)`)
			p.wait("tables", `document.querySelector('#room table')`)
			p.picture("charts")
			got := value[struct {
				Many    int
				Lacking []string
			}](p, charts)
			if got.Many < c.least || len(got.Lacking) > 0 {
				t.Errorf("of %d charts these lack a table or a button: %q", got.Many, got.Lacking)
			}
		})
	}
	t.Run("a table has the whole series", func(t *testing.T) {
		p := room(t, "textbook", "hub", "en", 1400, 900)
		p.wait("weeks", `[...document.querySelectorAll('#room details table')].some((x) => x.rows.length > 100)`)
		weeks := value[int](p, `Number(document.querySelector('input[type=range][aria-label=Week]').max) + 1`)
		for _, name := range []string{"Stock and sales", "Activity and violence", "Price of one"} {
			if got := value[int](p, `[...document.querySelectorAll('details table')].find((x) => x.closest('details').innerText.includes('`+name+`') || x.caption?.innerText.includes('`+name+`'))?.tBodies[0].rows.length ?? 0`); got != weeks {
				t.Errorf("%s: %d rows of %d weeks", name, got, weeks)
			}
		}
	})
}
