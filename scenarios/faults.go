package scenarios

// parserFaults are what the readers of YAML and CSV say is wrong, as far as people bring it about, for the catalogue of languages.
func parserFaults() []Phrase {
	return []Phrase{
		Say("could not find expected ':'"),
		Say("mapping values are not allowed in this context"),
		Say("mapping keys are not allowed in this context"),
		Say("block sequence entries are not allowed in this context"),
		Say("did not find expected key"),
		Say("did not find expected node content"),
		Say("did not find expected '-' indicator"),
		Say("did not find expected ',' or '}'"),
		Say("did not find expected ',' or ']'"),
		Say("did not find expected <document start>"),
		Say("did not find expected alphabetic or numeric character"),
		Say("did not find expected comment or line break"),
		Say("did not find expected whitespace or line break"),
		Say("did not find expected hexdecimal number"),
		Say("found character that cannot start any token"),
		Say("found a tab character where an indentation space is expected"),
		Say("found a tab character that violates indentation"),
		Say("found unexpected end of stream"),
		Say("found unexpected document indicator"),
		Say("found unknown escape character"),
		Say("found invalid Unicode character escape code"),
		Say("found undefined tag handle"),
		Say("found unknown directive name"),
		Say("control characters are not allowed"),
		Say("bare \" in non-quoted-field"),
		Say("extraneous or missing \" in quoted-field"),
	}
}

// fault is a parser's message as a phrase, if it is one that is known, else as it is.
func fault(msg string) any {
	for _, p := range parserFaults() {
		if p.Format == msg {
			return p
		}
	}
	return msg
}
