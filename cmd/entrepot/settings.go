package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// settingsFile is looked for in the working folder only.
const settingsFile = "entrepot.yaml"

// notSettings are flags that say something about the model or about one call: they come from the command line alone, so
// that no result depends on a forgotten variable.
func notSettings() []string { return []string{"set", "book", "emit", "help"} }

// applySettings gives flags that were not typed their value from ENTREPOT_* variables or entrepot.yaml, in this order.
// Values pass the flag's own parser, so a word where a number belongs is an error and not a zero.
func applySettings(cmd *cobra.Command) error {
	v := viper.New()
	v.SetEnvPrefix("ENTREPOT")
	v.SetEnvKeyReplacer(strings.NewReplacer("-", "_"))
	v.AutomaticEnv()
	v.SetConfigFile(settingsFile)
	if err := readSettings(v, cmd.Root()); err != nil {
		return usageError{err}
	}
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || slices.Contains(notSettings(), f.Name) || !v.IsSet(f.Name) {
			return
		}
		if err := setFlag(cmd.Flags(), f, v.Get(f.Name)); err != nil {
			errs = append(errs, usagef("setting %s (ENTREPOT_%s or %s): %w", f.Name,
				strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")), settingsFile, plainFlagError(err)))
		}
	})
	return errors.Join(errs...)
}

// setFlag gives a flag the value of a setting. A list is one for flags that take several values, and a mistake elsewhere.
func setFlag(flags *pflag.FlagSet, f *pflag.Flag, value any) error {
	list, isList := value.([]any)
	if !isList {
		return flags.Set(f.Name, fmt.Sprint(value))
	}
	if f.Value.Type() != "stringSlice" {
		return fmt.Errorf("must be one value, got a list of %d", len(list))
	}
	var words []string
	for _, x := range list {
		words = append(words, fmt.Sprint(x))
	}
	return flags.Set(f.Name, strings.Join(words, ","))
}

// unknownVariables lists ENTREPOT_* variables that no command reads: they do nothing, which may be a slip.
func unknownVariables(root *cobra.Command, environ []string) []string {
	known := settingNames(root)
	var out []string
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		setting, ours := strings.CutPrefix(name, "ENTREPOT_")
		if ours && value != "" && !slices.Contains(known, strings.ToLower(strings.ReplaceAll(setting, "_", "-"))) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// readSettings reads entrepot.yaml if there is one. A key that is no setting of any command is an error: a slip would
// otherwise do nothing without a word.
func readSettings(v *viper.Viper, root *cobra.Command) error {
	err := v.ReadInConfig()
	switch {
	case isNotExist(err):
		return nil
	case err != nil:
		return fmt.Errorf("reading %s: %w", settingsFile, err)
	}
	known := settingNames(root)
	keys := v.AllKeys()
	slices.Sort(keys)
	var errs []error
	for _, key := range keys {
		if v.InConfig(key) && !slices.Contains(known, key) {
			errs = append(errs, fmt.Errorf("reading %s: %q must be one of %s", settingsFile, key, strings.Join(known, ", ")))
		}
	}
	return errors.Join(errs...)
}

// settingNames lists the flags of all commands that may come from settings.
func settingNames(root *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if !slices.Contains(notSettings(), f.Name) && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(add)
		for _, child := range c.Commands() {
			walk(child)
		}
	}
	walk(root)
	slices.Sort(names)
	return names
}
