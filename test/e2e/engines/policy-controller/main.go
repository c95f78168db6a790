// Command trust makes the cache from which policy-controller takes its trust root, as the controller itself does at its start with
// --tuf-mirror and --tuf-root; policy-controller's own tester, which has no such flags, reads it from there (TUF_ROOT).
//
// Usage: trust MIRROR ROOT.JSON
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sigstore/sigstore/pkg/tuf"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("usage: trust MIRROR ROOT.JSON")
	}
	root, err := os.ReadFile(os.Args[2])
	if err != nil {
		return err
	}
	return tuf.Initialize(context.Background(), os.Args[1], root)
}
