package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/scenarios"
)

func (a *app) scenarioCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scenario",
		Short: "List, show, check and begin scenarios",
		Args:  wants(0, 0, ""),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.scenarioList(), a.scenarioShow(), a.scenarioCheck(), a.scenarioNew(), a.scenarioSchema())
	return cmd
}

func (a *app) scenarioList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the built-in scenarios",
		Args:  wants(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			infos := scenarios.List()
			if a.json {
				type info struct {
					Name     string `json:"name"`
					Title    string `json:"title"`
					Question string `json:"question"`
					World    string `json:"world"`
				}
				out := []info{}
				for _, i := range infos {
					out = append(out, info{i.Name, i.Title, i.Question, i.World})
				}
				return a.printJSON(out)
			}
			width := 0
			for _, i := range infos {
				width = max(width, len(i.Name))
			}
			w, err := a.words()
			if err != nil {
				return err
			}
			for _, i := range infos {
				fmt.Fprintf(a.stdout, "%-*s  %s\n", width, i.Name, w.T(i.Title))
			}
			return nil
		},
	}
}

func (a *app) scenarioShow() *cobra.Command {
	var resolved, asCard bool
	var sets []string
	cmd := &cobra.Command{
		Use:   "show SCENARIO",
		Short: "Print a scenario as written, as it will be run, or what is known of it",
		Args:  wants(1, 1, "SCENARIO"),
		RunE: func(_ *cobra.Command, args []string) error {
			resolved = resolved || len(sets) > 0 || a.json
			s, err := scenarios.Load(args[0], sets)
			if err != nil {
				return err
			}
			if asCard {
				seen, err := observations(observedCSV)
				if err != nil {
					return err
				}
				if !slices.Contains(scenarios.Names(), args[0]) || len(sets) > 0 {
					seen = nil // of runs of another scenario
				}
				fmt.Fprint(a.stdout, card(s, seen))
				return nil
			}
			if a.json {
				return a.printJSON(map[string]any{"name": s.Name, "title": s.Title, "question": s.Question, "world": s.World,
					"assumptions": orEmpty(s.Assumptions), "look_at": orEmpty(s.LookAt), "surprise": s.Surprise,
					"start": s.Setup.Start.String(), "end": s.Setup.End.String(), "events": len(s.Setup.Events), "hash": s.Hash,
					"resolved": string(s.Resolved)})
			}
			data := s.Resolved
			if !resolved {
				if data, err = sourceOf(args[0]); err != nil {
					return err
				}
			}
			_, err = a.stdout.Write(data)
			return err
		},
	}
	cmd.Flags().BoolVar(&asCard, "card", false, "its model card: what it takes for granted, what runs gave, where to trust it and how it misleads")
	cmd.Flags().BoolVar(&resolved, "resolved", false, "with all layers merged and every parameter written out")
	cmd.Flags().StringArrayVar(&sets, "set", nil, "`PATH=VALUE` laid over the scenario (repeatable); implies --resolved")
	return cmd
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// sourceOf returns a scenario's file as written.
func sourceOf(ref string) ([]byte, error) {
	if slices.Contains(scenarios.Names(), ref) {
		return scenarios.Source(ref)
	}
	return os.ReadFile(ref)
}

func (a *app) scenarioCheck() *cobra.Command {
	var sets []string
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check scenario files and their worlds, and say everything that is wrong",
		Args:  wants(1, -1, "FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			loaded, err := loadAll(args, sets)
			var problems scenarios.Problems
			if a.json && (err == nil || errors.As(err, &problems)) {
				a.silent = true
				if printErr := a.printJSON(map[string]any{"ok": err == nil, "problems": append([]scenarios.Problem{}, problems...)}); printErr != nil {
					return printErr
				}
				return err
			}
			if err != nil {
				return err
			}
			for i, s := range loaded {
				fmt.Fprintf(a.stdout, "%s: ok: %s, %s to %s, %d events, world %s with %d places\n", filepath.ToSlash(args[i]), s.Name,
					s.Setup.Start, s.Setup.End, len(s.Setup.Events), s.World, len(s.Setup.Hubs))
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&sets, "set", nil, "`PATH=VALUE` laid over every scenario (repeatable)")
	return cmd
}

func (a *app) scenarioNew() *cobra.Command {
	var from, out string
	var world, force bool
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Begin a scenario of your own: NAME.yaml, and with --world copies of its tables",
		Example: `  entrepot scenario new my-question --from offensive
  entrepot scenario new my-place --from textbook --world`,
		Args: wants(1, 1, "NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := newScenario(args[0], from, world)
			if err != nil {
				return err
			}
			return a.writeNew(out, files, force)
		},
	}
	cmd.Flags().StringVar(&from, "from", "calm", "built-in `SCENARIO` to begin with")
	cmd.Flags().BoolVar(&world, "world", false, "copy the tables of its world beside the file, to be edited")
	cmd.Flags().StringVar(&out, "out", ".", "`DIR` that gets the files")
	cmd.Flags().BoolVar(&force, "force", false, "replace existing files")
	return cmd
}

// newScenario returns the files of a new scenario by name. A copied world goes to the folder NAME-world.
func newScenario(name, from string, world bool) (map[string][]byte, error) {
	text, err := scenarios.Template(name, from)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	if world {
		base, err := scenarios.Load(from, nil)
		if err != nil {
			return nil, err
		}
		folder := name + "-world"
		if files, err = scenarios.CopyWorld(base.World, folder); err != nil {
			return nil, err
		}
		text = []byte(strings.Replace(string(text), "# world: ./myworld ", "world: ./"+folder+" ", 1))
	}
	files[name+".yaml"] = text
	return files, nil
}

// writeNew writes files that are not there yet.
func (a *app) writeNew(dir string, files map[string][]byte, force bool) error {
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Lstat(path); err == nil && !force {
			return usagef("%s exists already; --force replaces it", path)
		}
	}
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		if err := writeFile(path, files[name]); err != nil {
			return err
		}
	}
	if a.json {
		return a.printJSON(map[string][]string{"files": names})
	}
	for _, name := range names {
		fmt.Fprintln(a.stdout, filepath.Join(dir, filepath.FromSlash(name)))
	}
	return nil
}

func (a *app) scenarioSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of scenario files, for editors",
		Args:  wants(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(scenarios.Schema())
			return err
		},
	}
}
