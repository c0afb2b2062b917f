package main

import (
	"fmt"
	"os"
	"strings"
)

// marks returns the lines between which a table of the document stands.
func marks(name string) (begin, end string) {
	return "<!-- calibration: " + name + " (written by cmd/calibration) -->", "<!-- end of " + name + " -->"
}

// sectionOf returns what stands between the marks of a section.
func sectionOf(document, name string) (string, error) {
	begin, end := marks(name)
	_, rest, ok1 := strings.Cut(document, begin+"\n")
	text, _, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		return "", fmt.Errorf("the document must have the lines %q and %q, got none", begin, end)
	}
	return text, nil
}

// renew puts a text between the marks of a section.
func renew(document, name, text string) (string, error) {
	old, err := sectionOf(document, name)
	if err != nil {
		return "", err
	}
	begin, end := marks(name)
	return strings.Replace(document, begin+"\n"+old+end, begin+"\n\n"+strings.TrimSpace(text)+"\n\n"+end, 1), nil
}

func renewFile(path, name, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	now, err := renew(string(old), name, text)
	if err != nil {
		return fmt.Errorf("renewing %s: %w", path, err)
	}
	return os.WriteFile(path, []byte(now), 0o666)
}
