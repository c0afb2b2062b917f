//go:build js

package scenarios

import "testing/fstest"

// The page has no disk: paths lead nowhere unless the caller brings a file system (see LoadFS).
func defaultFiles() files { return fsFiles{fstest.MapFS{}} }
