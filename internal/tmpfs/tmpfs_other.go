//go:build !linux

package tmpfs

import "errors"

// What Mount takes as flags.
const ReadOnly, Remount = 0, 0

// Mount is not supported here.
func Mount(string, uintptr, string) error { return errors.ErrUnsupported }

// Unmount has nothing to do.
func Unmount(string) error { return nil }
