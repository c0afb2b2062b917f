package lessons

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/output/prose"
	"entrepot/words"
)

// Documents returns what teachers hand out, as Markdown by file name: for each lesson and language the teacher's note and the student's
// sheet, and a list of all. They are made of the same texts as the page.
func Documents() (map[string]string, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	docs := map[string]string{}
	for _, lang := range words.Languages() {
		w, err := words.In(lang)
		if err != nil {
			return nil, err
		}
		docs["README."+lang+".md"] = list(w, all)
		for _, l := range all {
			docs[l.ID+"."+lang+".md"] = l.paper(w)
		}
	}
	return docs, nil
}

// list is the list of the lessons.
func list(w *words.Words, all []Lesson) string {
	p := &paper{w: w}
	p.head(1, "Lessons of the page, for those who teach")
	p.line("Nine lessons on how an illicit arms market works, for a university course on firearms trafficking. Each takes 50 minutes in a class, or half of that alone with the page: students predict, run, explain and discuss. All numbers are of a stylised model.")
	p.row("lesson", "question", "level", "minutes alone")
	p.b.WriteString("|---|---|---|---|\n")
	for _, l := range all {
		fmt.Fprintf(&p.b, "| [%d. %s](%s.%s.md) | %s | %s | %d |\n", l.Number, p.t(l.Title), l.ID, w.Lang(), p.t(l.Question), p.t(l.Level), l.Minutes)
	}
	return p.b.String()
}

// paper writes a document in a language.
type paper struct {
	w *words.Words
	b strings.Builder
}

func (p *paper) t(text Text) string { return p.w.T(string(text)) }

func (p *paper) head(level int, text Text) {
	fmt.Fprintf(&p.b, "%s %s\n\n", strings.Repeat("#", level), p.t(text))
}

func (p *paper) line(text Text) { p.b.WriteString(p.t(text) + "\n\n") }

func (p *paper) row(cells ...Text) {
	for _, c := range cells {
		p.b.WriteString("| " + p.t(c) + " ")
	}
	p.b.WriteString("|\n")
}

func (p *paper) bullets(texts []Text) {
	for _, t := range texts {
		p.b.WriteString("- " + p.t(t) + "\n")
	}
	p.b.WriteString("\n")
}

// answered is a question or belief, and an answer in italics.
func (p *paper) answered(mark string, question, answer Text) {
	fmt.Fprintf(&p.b, "%s %s *%s*\n", mark, p.t(question), p.t(answer))
}

// write leaves lines to write on.
func (p *paper) write(lines int) {
	p.b.WriteString(strings.Repeat("\n&nbsp;\n\n---\n", lines) + "\n")
}

// paper is the teacher's note and the student's sheet of a lesson.
func (l Lesson) paper(w *words.Words) string {
	p := &paper{w: w}
	fmt.Fprintf(&p.b, "# %d. %s\n\n**%s**\n\n", l.Number, p.t(l.Title), p.t(l.Question))
	fmt.Fprintf(&p.b, "%s\n\n", w.N(l.Minutes, "Alone with the page it takes about %s minute.", "Alone with the page it takes about %s minutes."))
	l.note(p)
	l.sheet(p)
	return strings.TrimRight(p.b.String(), "\n") + "\n"
}

// note is the teacher's part.
func (l Lesson) note(p *paper) {
	p.head(2, "Teacher’s note")
	p.head(3, "Aim")
	p.line(l.Teacher.Aim)
	p.head(3, "Prior knowledge")
	p.bullets(l.Teacher.Prior)
	p.head(3, "Learning goals")
	p.bullets(l.Goals)
	p.head(3, "World")
	p.line(l.World)
	l.plan(p)
	p.head(3, "One projector")
	p.line(l.Teacher.Projector)
	p.head(3, "Thirty students")
	p.line(l.Teacher.Class)
	p.head(3, "Predictions and what to say to each")
	for i, q := range l.Predictions {
		q.answers(p, i+1)
	}
	l.luck(p)
	p.head(3, "What is said after the run")
	p.line("Numbers stand where … is: they are those of the run.")
	for _, x := range l.Explain {
		p.b.WriteString("> ")
		if x.When != nil {
			p.b.WriteString("*(" + p.t("if it came out so") + ")* ")
		}
		p.b.WriteString(strings.NewReplacer("%%", "%", "%s", "…").Replace(p.t(x.Text)) + "\n>\n")
	}
	p.b.WriteString("\n")
	p.head(3, "Likely misconceptions")
	for _, x := range l.Teacher.Beliefs {
		p.answered("-", x.Belief, x.Answer)
	}
	p.b.WriteString("\n")
	p.head(3, "Changes and answers")
	for i, x := range l.Tasks {
		p.answered(fmt.Sprintf("%d.", i+1), x.Text, x.Answer)
	}
	p.b.WriteString("\n")
	p.head(3, "Questions and answers")
	for i, x := range l.Discuss {
		p.answered(fmt.Sprintf("%d.", i+1), x.Question, x.Answer)
	}
	p.b.WriteString("\n")
	p.head(3, "Elsewhere")
	p.bullets(l.Transfer)
	p.head(3, "What the model leaves out")
	p.bullets(l.Limits)
	if len(l.Readings) > 0 {
		p.head(3, "To read")
		for _, r := range l.Readings {
			p.b.WriteString("- " + r + "\n")
		}
		p.b.WriteString("\n")
	}
}

// luck is what many draws show of the lesson's claims.
func (l Lesson) luck(p *paper) {
	claimed := slices.DeleteFunc(slices.Clone(l.Expect), func(e Expected) bool { return e.Claim == "" || l.Pairs[e.Of] == nil })
	if len(claimed) == 0 {
		return
	}
	fmt.Fprintf(&p.b, "### %s\n\n", p.w.F("What %s draws show", prose.Count(NPairs)))
	p.line("One run is one draw of luck: of a small effect it may show the opposite. These are means over the seeds 1 to 20, with and without the change on the same luck; the interval is that of the mean (95 %, Student). Predictions about effects are judged by them.")
	p.row("", "mean", "its 95 % interval", "draws of that sign")
	p.b.WriteString("|---|---|---|---|\n")
	for _, e := range claimed {
		mean, low, high := l.Pairs[e.Of].Mean()
		fmt.Fprintf(&p.b, "| %s | %s | %s | %s |\n", p.t(e.Claim), p.figure(mean, e.As), p.w.Range(p.figure(low, e.As), p.figure(high, e.As)),
			p.w.F("%s of %s", prose.Count(l.Pairs[e.Of].Alike()), prose.Count(NPairs)))
	}
	p.b.WriteString("\n")
}

// figure writes a number as web/page/src/lesson/say.ts does.
func (p *paper) figure(x float64, as string) string {
	how, sign := strings.CutPrefix(as, "signed")
	var text string
	switch strings.TrimSpace(how) {
	case "percent":
		text = prose.Int(100*x) + "\u00a0%"
	case "units":
		text = prose.Fixed(x, 1)
	case "count":
		text = prose.Int(x)
	case "decimal":
		text = prose.Fixed(x, 2)
	default:
		if math.Abs(x) >= 1_000 {
			x = 100 * math.Floor(x/100+0.5)
		}
		text = p.w.F("%s CFA", prose.Int(x))
	}
	if text = p.w.Number(text); sign && x > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

// plan is the table of the 50 minutes.
func (l Lesson) plan(p *paper) {
	p.head(3, "Fifty minutes")
	p.row("from minute", "minutes", "what")
	p.b.WriteString("|---|---|---|\n")
	at := 0
	for _, s := range l.Teacher.Plan {
		fmt.Fprintf(&p.b, "| %d | %d | %s |\n", at, s.Minutes, p.t(s.What))
		at += s.Minutes
	}
	p.b.WriteString("\n")
}

// answers is a prediction with what is to be said to each answer.
func (q Prediction) answers(p *paper, number int) {
	fmt.Fprintf(&p.b, "%d. **%s**\n", number, p.t(q.Question))
	for _, o := range q.Options {
		p.answered("   -", o.Text, o.Feedback)
	}
	if len(q.Options) == 0 {
		p.answered("   -", "About right:", q.Hit)
		p.answered("   -", "Too low:", q.TooLow)
		p.answered("   -", "Too high:", q.TooHigh)
	}
	p.b.WriteString("\n")
}

// sheet is the student's part.
func (l Lesson) sheet(p *paper) {
	p.head(2, "Student sheet")
	fmt.Fprintf(&p.b, "%s ____________________ %s __________ %s ______\n\n", p.w.Lead(p.t("Name")), p.w.Lead(p.t("Date")), p.w.Lead(p.t("Seed")))
	for _, h := range l.Hook {
		p.b.WriteString(p.t(h.Text))
		if h.Source != "" {
			p.b.WriteString(" (" + h.Source + ")")
		}
		p.b.WriteString("\n\n")
	}
	p.head(3, "My predictions, before the run")
	p.line(l.Given.Text)
	for i, q := range l.Predictions {
		fmt.Fprintf(&p.b, "%d. **%s**\n", i+1, p.t(q.Question))
		for _, o := range q.Options {
			p.b.WriteString("   - ☐ " + p.t(o.Text) + "\n")
		}
		if len(q.Options) == 0 {
			p.b.WriteString("   ____________________\n")
		}
		p.b.WriteString("\n")
	}
	p.line("Because")
	p.write(2)
	p.head(3, "What I saw")
	columns := slices.Clone(l.Columns)
	if slices.ContainsFunc(l.Observe, func(r Row) bool { return r.Pairs != "" }) {
		columns = append(columns, Text(p.w.F("mean of %s draws", prose.Count(NPairs))))
	}
	p.row(append([]Text{""}, columns...)...)
	p.b.WriteString(strings.Repeat("|---", len(columns)+1) + "|\n")
	for _, r := range l.Observe {
		p.row(append([]Text{r.Text}, make([]Text, len(columns))...)...)
	}
	p.b.WriteString("\n")
	p.head(3, "Why it came out so")
	p.write(4)
	p.head(3, "Now change it")
	for i, x := range l.Tasks {
		fmt.Fprintf(&p.b, "%d. %s\n", i+1, p.t(x.Text))
		p.write(2)
	}
	p.head(3, "To discuss")
	for i, x := range l.Discuss {
		fmt.Fprintf(&p.b, "%d. %s\n", i+1, p.t(x.Question))
		p.write(2)
	}
}
