# Settings of the lab and what steps call, sourced by build and by every step. A change of a setting or of a
# function makes the steps stale that name it.
export LAB=${NETFATE_LAB:-$HOME/.cache/netfate-lab}
export K8S=v1.34.4 # of the last line that accepts cgroup v1 by default
export CILIUM=v1.20.2
export NETWORK_POLICY_API=v0.2.0
export KIND=v0.33.0
export DEBIAN=bookworm
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS="-buildvcs=false -trimpath -mod=readonly"
OWN_GOCACHE=${OWN_GOCACHE:-$(go env GOCACHE)}
export OWN_GOCACHE GOCACHE=$LAB/gocache # of its own for what others wrote: cleaning the user's leaves it alone
mkdir -p "$LAB"/{bin,build,img,log,manifests,stamp}

# module NAME@VERSION prints the directory of a Go module.
module() { (cd "$HERE" && GOFLAGS=-mod=mod go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",/\1/p'; }

# engine NAME OUT builds the programs that engines/NAME/go.mod lists as tools into a directory.
engine() { (cd "$HERE/engines/$1" && go build -ldflags "-s -w ${LDFLAGS:-}" -o "$2/" tool); }

# own PACKAGE... builds programs of the lab itself.
own() { (cd "$HERE" && GOCACHE=$OWN_GOCACHE go build -ldflags "-s -w" -o "$LAB/bin/" "$@"); }

# image TAR NAME:TAG PROGRAM PATH [ENTRYPOINT...] makes an image of one program.
image() {
	local root=$LAB/build/root-$1
	rm -rf "$root"
	mkdir -p "$root/$(dirname "$4")"
	mkdir -m 1777 "$root/tmp"
	cp "$3" "$root/$4"
	"$LAB/bin/mkimage" "$LAB/img/$1.tar" "$2" "$root" "${@:5}"
}

# libraries ROOT PROGRAM... prints the shared libraries of programs of a root directory, one path a line.
libraries() { chroot "$1" ldd "${@:2}" 2>/dev/null | grep -v ':$' | grep -oE '/[^ ]+\.so[^ ]*' | sort -u || true; }
