package digest

// ChartWords are the fixed texts of the charts of a study.
type ChartWords struct {
	Empty, None, NoRange                          string // nothing to draw; a thing without a value, without a range
	Median, Middle, Most, MeanBand                string // of fans
	AboveF, BelowF                                string // what lies beyond the panel: its largest, its smallest value
	Documented, DocumentedF, Marked, Names        string // headings of lists below a panel; label, period, range
	DataRange, Inside, Outside, BeyondScale       string // of scoreboards
	LowEnd, HighEnd                               string
	Up, Down, StepInterval                        string         // of waterfalls
	Band                                          string         // of lines
	Scales                                        map[int]string // powers of ten in words
	ScaleF                                        string         // of an axis: label, power of ten in words
	PowerF                                        string         // a power of ten that has no word
	CapFan, CapDifference, CapForest, CapScore    string         // how to read them
	CapWaterfall, CapScatter, CapLines, CapMatrix string
	CapBands                                      string // of lines that have bands
	CapDocumented, CapMarks                       string
}

func englishCharts() ChartWords {
	return ChartWords{
		Empty: "Nothing to show: no value is known.", None: "no value", NoRange: "no documented range",
		Median: "median", Middle: "25–75 % of runs", Most: "5–95 % of runs", MeanBand: "95 % interval of the mean",
		AboveF: "above the panel, up to %s", BelowF: "below the panel, down to %s",
		Documented: "Documented ranges", DocumentedF: "%s (%s): %s", Marked: "Events marked", Names: "Numbers in the panel",
		DataRange: "range of the data", Inside: "value within the range", Outside: "value outside it",
		BeyondScale: "beyond the scale: its value", LowEnd: "low end", HighEnd: "high end",
		Up: "raises|verdict", Down: "lowers|verdict", StepInterval: "interval",
		Band:   "interval",
		Scales: map[int]string{3: "thousands", 6: "millions", 9: "billions", -3: "thousandths", -6: "millionths", -9: "billionths"},
		ScaleF: "%s, in %s", PowerF: "units of 1e%d",

		CapFan:        "How to read it: month by month, half of all runs lie within the dark band and nine of ten within the pale one; the line is the median. No single run need follow it. Where a fan stops, there is no value.",
		CapDifference: "How to read it: differences are taken run by run, under the same luck. Where the pale band is off the line at zero, nearly all runs agree on the sign.",
		CapForest:     "How to read it: a dot is the value, the bar its interval. Things whose intervals overlap much are not told apart by these runs.",
		CapScore:      "How to read it: each row has its own scale, on which the documented range goes from its low to its high end. A full dot lies within the range, a ring outside it. Lying within is consistency, not proof.",
		CapWaterfall:  "How to read it: from the first value each step leads on to the next, and all together to the last. Thin lines are the intervals of the steps.",
		CapScatter:    "How to read it: each dot is one thing, at its values on both axes.",
		CapLines:      "How to read it: a line joins the values of one thing; dots are the values.",
		CapBands:      "The band around a line is as wide as its legend says.",
		CapMatrix:     "How to read it: each cell is the value of its row and column; the colour says the same as the number.",
		CapDocumented: "Boxes are ranges that sources report for that time; they were not drawn from the model.",
		CapMarks:      "Dotted lines are dates of events.",
	}
}

// StudyWords are the fixed texts of the report of a study.
type StudyWords struct {
	Report, Version, Scenario, Scenarios, Study             string
	Answer, Charts, Sheets, How, Sure, Out, Failed          string
	Contents, Use, NoAnswer, NoDesign, NoCaveats, Files     string
	FailedF, FailedOne, FailedText, MoreFailedF, NoneFailed string // number of failed runs; of those not listed
	RowsF                                                   string // title of a table, number of its rows
	FootF                                                   string // version
	SureOf                                                  map[string]string
	SureText, UseText                                       []string
	Glossary                                                string
	Terms                                                   []Term
	TermsOf                                                 map[string][]Term // of a command
}

func englishStudy() StudyWords {
	return StudyWords{
		Report: "Report of a study", Version: "Version", Scenario: "Scenario", Scenarios: "Scenarios", Study: "Study",
		Answer: "The answer", Charts: "Charts", Sheets: "Tables", How: "How it was done", Sure: "How sure one may be",
		Out: "What the study cannot say", Failed: "Failed runs", Contents: "Contents", Use: "Use",
		NoAnswer: "The study gives no verdict.", NoDesign: "The study does not say how it was done.",
		NoCaveats:  "As for every run of the model: what is not in it cannot be found by it.",
		Files:      "In the folder of this report, each table is a CSV file under sheets, and each chart an SVG and a PNG file under plots.",
		NoneFailed: "No run failed.", FailedF: "%d runs failed.", FailedOne: "One run failed.", MoreFailedF: "and %d more",
		FailedText: "All numbers are of the other runs. Where runs fail for a reason that hangs on what is studied, the others are no fair sample.",
		RowsF:      "%s (%d rows)",
		FootF:      "entrepot %s. Stylised model for research and teaching; volumes are not estimates.",
		SureOf: map[string]string{
			"ensemble":    "Bands show how runs of one scenario differ by luck alone. Wrong rules and wrong numbers are not in them: the doubt about the world is larger than the bands.",
			"compare":     "Runs are paired: run by run the scenarios have the same luck, so that differences are far surer than either level. Where a difference is called not distinguishable, more runs may still find one.",
			"sweep":       "What is shown holds for the ranges that were tried and nowhere else; between the points nothing was run.",
			"sensitivity": "Indices are of the ranges that were given: a parameter with a wide range weighs more than one with a narrow range. Ranks whose intervals overlap are not ranks.",
			"attribute":   "Shares are of the causes in the scenario: an event that is not in it gets none. How causes share what they do only together is a convention, the same for all.",
			"calibrate":   "What is left after calibration agrees with the targets within their doubt. Other rules might do so as well, and targets that were used to fit are no test.",
			"validate":    "To meet a target is consistency, not proof; a naive rival that meets as many shows how little a target asks for.",
			"discover":    "A box was sought among many, so that its figures flatter it; resamples and quasi-p values say how much. It describes runs, not the world.",
		},
		SureText: []string{"An interval says what other luck or more runs would change. It does not say how well the model fits the world."},
		Glossary: "Glossary",
		Terms: []Term{
			{"Run|a term", "one simulation from the first week to the last; its seed fixes all luck in it."},
			{"Replicate", "one of several runs of the same scenario and numbers, each with other luck."},
			{"The same luck", "also called common random numbers: runs of one replicate draw the same chances, so that they differ only by what was changed."},
			{"95 % interval", "where the mean would lie with more runs; if the study were done again and again, nineteen such intervals in twenty would hold it."},
			{"Median; 5–95 % of runs", "half of the runs lie below the median, nine in ten within the band."},
			{"Before, after", "the two periods that a scenario compares."},
			{"CFA", "franc of the West African monetary union; 655.957 CFA are one euro by a fixed peg."},
		},
		TermsOf: map[string][]Term{
			"compare": {{"Not distinguishable", "the runs do not tell the difference from none; there may be one all the same."},
				{"p (Holm)", "the chance of so large a difference if there were none, corrected for the number of figures looked at."}},
			"sweep": {{"Point", "one choice of values for all that is varied."},
				{"Rank correlation", "from −1 to 1: whether a figure falls or rises with what is varied, whatever the shape of its curve."}},
			"sensitivity": {{"Factor", "a number or a rule that is varied."},
				{"mu*, sigma", "of Morris' method: how much a factor moves the figure on average, and how much that depends on the other factors or on where it stands."},
				{"First order, total", "Sobol' indices: the share of the variance that a factor explains by itself, and with all that it does together with others."}},
			"attribute": {{"Cause", "the events of a scenario that have one cause, switched on and off together."},
				{"Shapley value", "what a cause adds on average, over all orders in which the causes can be switched on; with the rest, these sum to the whole change."}},
			"validate": {{"Met", "the mean over runs lies in the documented range."},
				{"Naive rivals", "guesses without a mechanism: that nothing changes (persistence), that all prices move by one factor (multiplicative) or by one amount (additive)."}},
			"calibrate": {{"Prior, posterior", "what was held possible beforehand, and what is left after the documented figures were looked at."},
				{"Recovery test", "pseudo-data are made of known numbers, and the method is asked for them: what does not come back there is not known from the real data either."}},
			"discover": {{"Box", "limits on what was varied; a run is inside if all of them hold."},
				{"Density, coverage, mass", "the share of the runs inside that have the outcome; the share of all runs with the outcome that are inside; the share of all runs that are inside."},
				{"Quasi-p", "the chance that a limit alone finds as much by luck."}},
		},
		UseText: []string{"For research and teaching on the market as a whole. The places are aggregates of public facts; nothing here tells where, from whom or when arms can be had."},
	}
}
