// Package probeimage builds the agent's container image without a container engine.
//
// [Write] makes an archive from one static Linux binary: a layer with that file alone on an empty base. The
// archive is an OCI image layout (opencontainers/image-spec v1.1, image-layout.md) that is a docker archive too (moby,
// image/spec/v1.2: manifest.json), as docker save writes since version 25; "kind load image-archive",
// "ctr images import", "docker load" and "podman load" take it. The same binary and name give the same bytes.
//
// [Find] finds the binary for somebody who has only netfate.
package probeimage
