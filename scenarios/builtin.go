//go:build !js

package scenarios

import "embed"

// builtin holds the library, the worlds, priors and posteriors that come with the program. The compiler fills it; nobody writes to it.
//
//go:embed library worlds priors posteriors causes
var builtin embed.FS
