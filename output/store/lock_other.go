//go:build !unix || solaris || illumos || aix

package store

import "os"

// flock is for systems that have it.
func flock(*os.File) (taken, supported bool, err error) { return false, false, nil }
