package digest

// ReportWords are the texts of the report.
type ReportWords struct{}

func englishReport() ReportWords { return ReportWords{} }
