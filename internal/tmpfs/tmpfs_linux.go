package tmpfs

import "syscall"

// What Mount takes as flags.
const (
	ReadOnly = syscall.MS_RDONLY
	Remount  = syscall.MS_REMOUNT
)

// Mount mounts a disk in memory, or changes one with Remount; options are those of mount(8), "size=300k". It needs root.
func Mount(dir string, flags uintptr, options string) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", flags, options)
}

// Unmount takes the disk away.
func Unmount(dir string) error { return syscall.Unmount(dir, 0) }
