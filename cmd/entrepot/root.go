package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entrepot/output/digest"
	"entrepot/words"
)

// app is what all commands share: where they write, and the flags that all of them take.
type app struct {
	stdout, stderr io.Writer

	lang   string
	quiet  bool
	json   bool
	began  bool // the command line was fine and the command has begun
	silent bool // the error has been told already
}

// root builds the command tree. The list is all there is.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "entrepot",
		Short: "Simulate an illicit arms market that lives on a network of hubs",
		Long: `Simulate an illicit arms market that lives on a network of hubs, and see what an offensive, a new source or a
disarmament programme does to prices, flows, routes and to who is armed. Aggregate and stylised: for research and
teaching.

Begin with

  entrepot run offensive`,
		SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: a.begin,
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --"); unknown {
			return hinted(err.Error(), "--"+name, flagsOf(cmd))
		}
		return plainFlagError(err)
	})
	flags := root.PersistentFlags()
	flags.StringVar(&a.lang, "lang", "en", "`LANGUAGE` of reports, plots and answers: en, fr")
	flags.BoolVar(&a.quiet, "quiet", false, "no talk on stderr, results only")
	flags.BoolVar(&a.json, "json", false, "results as JSON, for scripts")
	root.AddCommand(
		a.runCommand(),
		a.compareCommand(),
		a.ensembleCommand(),
		a.sweepCommand(),
		a.sensitivityCommand(),
		a.attributeCommand(),
		a.calibrateCommand(),
		a.discoverCommand(),
		a.validateCommand(),
		a.mergeCommand(),
		a.statusCommand(),
		a.reproduceCommand(),
		a.reportCommand(),
		a.plotCommand(),
		a.exportCommand(),
		a.serveCommand(),
		a.scenarioCommand(),
		a.explainCommand(),
		a.metricsCommand(),
		a.versionCommand(),
		a.docsCommand(),
	)
	if man := a.manCommand(); man != nil {
		root.AddCommand(man)
	}
	return root
}

// flagsOf lists the flags of a command as they are typed.
func flagsOf(cmd *cobra.Command) (names []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return names
}

// plainFlagError says what a flag's value must be in place of what Go's parser of numbers says.
func plainFlagError(err error) error {
	text := err.Error()
	for parser, must := range map[string]string{
		"Uint": "must be a whole number from 0 to 18446744073709551615", "Int": "must be a whole number", "Bool": "must be true or false",
	} {
		if before, _, found := strings.Cut(text, "strconv.Parse"+parser+": parsing "); found {
			return errors.New(before + must)
		}
	}
	return err
}

// begin is called once the command line is known to be fine: it lays the settings under the flags.
func (a *app) begin(cmd *cobra.Command, _ []string) error {
	if err := emptyFlags(cmd); err != nil {
		return err
	}
	if err := applySettings(cmd); err != nil {
		return err
	}
	if _, err := a.words(); err != nil {
		return err
	}
	a.began = true
	for _, name := range unknownVariables(cmd.Root(), os.Environ()) {
		a.say("%s is no setting of entrepot and is not used", name)
	}
	return nil
}

// words returns the catalogue of the language asked for.
func (a *app) words() (*digest.Words, error) {
	say, err := words.In(a.lang)
	if err != nil {
		return nil, hinted(fmt.Sprintf("--lang must be %s, got %q", strings.Join(words.Languages(), " or "), a.lang), a.lang, words.Languages())
	}
	return digest.In(say), nil
}

// say prints talk, unless there shall be none.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}
}

// printJSON prints a value as indented JSON.
func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
