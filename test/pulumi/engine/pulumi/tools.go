//go:build tools

// Package pulumi pins the Pulumi engine, which is built from its own main package.
package pulumi

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
