// Package random generates small models and questions about them, for tests that
// compare an implementation with package oracle.
//
// The models are small so that everything in them interacts: few labels, few
// ports, address blocks whose edges are the addresses of endpoints. All of it
// comes from the given source of random numbers, so a seed reproduces it.
//
// A test that finds a difference makes the model smaller with [Shrink] and shows
// it with [Dump].
package random
