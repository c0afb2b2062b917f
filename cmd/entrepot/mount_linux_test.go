package main

import "syscall"

const (
	readOnly = syscall.MS_RDONLY
	remount  = syscall.MS_REMOUNT
)

func mountTmpfs(dir string, flags uintptr, options string) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", flags, options)
}

func unmount(dir string) error { return syscall.Unmount(dir, 0) }
