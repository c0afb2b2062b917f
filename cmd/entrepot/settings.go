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
func notSettings() []string { return []string{"set", "book", "help"} }

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
		if err := cmd.Flags().Set(f.Name, v.GetString(f.Name)); err != nil {
			errs = append(errs, usagef("setting %s (ENTREPOT_%s or %s): %w", f.Name,
				strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")), settingsFile, plainFlagError(err)))
		}
	})
	return errors.Join(errs...)
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
	for _, key := range v.AllKeys() {
		if v.InConfig(key) && !slices.Contains(known, key) {
			return fmt.Errorf("reading %s: %q must be one of %s", settingsFile, key, strings.Join(known, ", "))
		}
	}
	return nil
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
