package main

import (
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// runLoopback brings up the loopback interface of a new network namespace and makes every address of one IPv4 network local to it:
// the kernel does for a prefix on the loopback interface what it does for 127.0.0.0/8. The cluster test needs such addresses because
// EndpointSlices may not name loopback ones.
func runLoopback() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: cluster loopback ADDRESS/BITS")
		os.Exit(2)
	}
	prefix, err := netip.ParsePrefix(os.Args[1])
	if err == nil {
		err = configureLoopback(prefix)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "loopback: cannot add %s to the loopback interface: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

func configureLoopback(prefix netip.Prefix) error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	defer unix.Close(socket)

	interfaceUp, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	interfaceUp.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, interfaceUp); err != nil {
		return fmt.Errorf("interface up: %w", err)
	}

	mask := uint32(0xffffffff) << (32 - prefix.Bits())
	for _, step := range []struct {
		name    string
		request uint
		value   [4]byte
	}{
		{"address", unix.SIOCSIFADDR, prefix.Addr().As4()},
		{"netmask", unix.SIOCSIFNETMASK, [4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}},
	} {
		alias, err := unix.NewIfreq("lo:1")
		if err != nil {
			return err
		}
		if err := alias.SetInet4Addr(step.value[:]); err != nil {
			return err
		}
		if err := unix.IoctlIfreq(socket, step.request, alias); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}
