package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/internal/notices"
	"entrepot/output/manifest"
)

func (a *app) versionCommand() *cobra.Command {
	var licences, cite bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the program's version, what it is built of, and under which licences",
		Args:  wants(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			m := manifest.New()
			citation := notices.Citation(m.Version)
			switch {
			case a.json:
				return a.printJSON(map[string]any{"program": m.Program, "version": m.Version, "go": m.Go, "goos": m.GOOS, "goarch": m.GOARCH, "modules": m.Modules,
					"citation": citation, "components": components()})
			case licences:
				fmt.Fprint(a.stdout, notices.Text())
			case cite:
				fmt.Fprintln(a.stdout, citation)
			default:
				fmt.Fprintf(a.stdout, "entrepot %s (%s, %s/%s)\n", m.Version, m.Go, m.GOOS, m.GOARCH)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&licences, "licences", false, "licences of all code, fonts and data in the program, in full")
	cmd.Flags().BoolVar(&cite, "cite", false, "how to cite this version")
	return cmd
}

// component is code, a font or data of others in the program, as scripts read it.
type component struct {
	Kind     string   `json:"kind"`
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Licences []string `json:"licences"` // SPDX
}

func components() (all []component) {
	for _, c := range notices.Components() {
		all = append(all, component{c.Kind, c.Name, c.Version, strings.Split(c.Licence, ",")})
	}
	return all
}
