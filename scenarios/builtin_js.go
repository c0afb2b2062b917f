//go:build js

package scenarios

import "embed"

// builtin holds the library and the worlds; the page neither fits nor attributes, and does without what that needs.
//
//go:embed library worlds
var builtin embed.FS
