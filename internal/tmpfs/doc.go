// Package tmpfs mounts small disks, for tests of what happens when one is full or read-only.
package tmpfs
