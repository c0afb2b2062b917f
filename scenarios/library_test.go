package scenarios

import (
	"testing"
)

func TestEveryBuiltInScenarioLoads(t *testing.T) {
	for _, info := range List() {
		t.Run(info.Name, func(t *testing.T) {
			s, err := Load(info.Name, nil)
			if err != nil {
				t.Fatal(err)
			}
			if s.Name != info.Name {
				t.Errorf("the file %s.yaml has the name %s", info.Name, s.Name)
			}
		})
	}
}
