# One line each. Go is all that is needed; make test runs on a fresh machine.
.PHONY: build test lint generate bench fuzz demo lab live

build:    ; CGO_ENABLED=0 go build -o bin/ ./cmd/netfate ./cmd/netfate-probe
test:     ; go test ./...
lint:     ; go vet ./... && go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run ./...
generate: ; ./.ci/generate
bench:    ; go test -run NONE -bench . -benchmem ./sim/...
fuzz:     ; ./.ci/fuzz 20s
demo:     ; go run ./cmd/netfate demo
lab:      ; clusters/lab/build
live:     ; clusters/lab/ci
