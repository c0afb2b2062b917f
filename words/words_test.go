package words

import "testing"

func TestATextIsSpokenInItsLanguage(t *testing.T) {
	fr := &Words{lang: "fr", texts: map[string]string{"%s of %s": "de %[2]s, %[1]s", "%s day": "%s jour", "%s days": "%s jours", "open|of a market": "ouvert"}}
	for _, c := range []struct{ name, got, want string }{
		{"a translation may turn the arguments round", fr.F("%s of %s", "a", "b"), "de b, a"},
		{"none is one in French", fr.N(0, "%s day", "%s days"), "0 jour"},
		{"and many in English", (*Words)(nil).N(0, "%s day", "%s days"), "0 days"},
		{"thousands and decimals", fr.N(1200, "%s day", "%s days"), "1\u00a0200 jours"},
		{"the decimal sign", fr.Number("1.5"), "1,5"},
		{"a note is for translators", (*Words)(nil).T("open|of a market"), "open"},
		{"and for choosing", fr.T("open|of a market"), "ouvert"},
		{"what has no translation stays", fr.T("of a user"), "of a user"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestAnUnknownLanguageIsRefused(t *testing.T) {
	if _, err := In("de"); err == nil {
		t.Error("want an error")
	}
	if w, err := In("fr"); err != nil || w.Lang() != "fr" {
		t.Errorf("got %v, %v", w, err)
	}
}
