// Command registry is an OCI registry in memory for the cluster test, on a free loopback port.
//
// It prints one JSON line {"event":"listening","address":"127.0.0.1:1234"} when it can be used, and stops on SIGTERM or when killed.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"
	ggcr "github.com/google/go-containerregistry/pkg/registry"
)

// kinds are the registries a verifier meets: one that follows the specification, one that follows it in part (no OCI-Subject header,
// no filter), and one that answers 404 to the referrers API, so that only the fallback tag is left.
var kinds = map[string]func() http.Handler{
	"referrers":         func() http.Handler { return ociserver.New(ocimem.New(), nil) },
	"partial-referrers": func() http.Handler { return goContainerRegistry(ggcr.WithReferrersSupport(true)) },
	"fallback":          func() http.Handler { return goContainerRegistry() },
}

func main() {
	kind := flag.String("kind", "referrers", "one of "+strings.Join(kindNames(), ", "))
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	cert := flag.String("cert", "", "PEM file of the serving certificate; with --key, serves TLS")
	key := flag.String("key", "", "PEM file of the serving key")
	flag.Parse()

	handler, found := kinds[*kind]
	if !found {
		fail("--kind %q is unknown: choose one of %s", *kind, strings.Join(kindNames(), ", "))
	}
	if (*cert == "") != (*key == "") {
		fail("--cert and --key belong together: give both for TLS, or none for plain HTTP")
	}
	if err := serve(*listen, *cert, *key, handler()); err != nil {
		fail("cannot serve on %s: %v", *listen, err)
	}
}

func serve(address, cert, key string, handler http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	line := map[string]string{"event": "listening", "address": listener.Addr().String()}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}
	server := &http.Server{Handler: handler}
	if cert != "" {
		return server.ServeTLS(listener, cert, key)
	}
	return server.Serve(listener)
}

func goContainerRegistry(options ...ggcr.Option) http.Handler {
	return ggcr.New(append(options, ggcr.Logger(log.New(io.Discard, "", 0)))...)
}

func kindNames() []string {
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "registry: "+format+"\n", values...)
	os.Exit(2)
}
