package kind

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/kind/pkg/exec"
	"sigs.k8s.io/kind/pkg/log"
)

// words turns an error of kind into one for people: with the last lines of what the
// failed command said, and the remedy where it is known.
func words(what string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	text := err.Error()
	if run := exec.RunErrorForError(err); run != nil {
		text += ": " + tail(string(run.Output), 3)
	}
	for _, r := range remedies() {
		if strings.Contains(strings.ToLower(text), r.symptom) {
			return fmt.Errorf("%s: %s (%s)", what, r.remedy, firstLine(text))
		}
	}
	return fmt.Errorf("%s: %s: %w", what, text, err)
}

// remedies are what to do about failures that occur, by a part of their text.
func remedies() []struct{ symptom, remedy string } {
	return []struct{ symptom, remedy string }{
		{"cannot connect to the docker daemon", "Docker is installed and does not answer: start it (systemctl start docker), or give an existing cluster with --context"},
		{"permission denied while trying to connect to the docker", "Docker does not let you in: add yourself to the group docker, or give an existing cluster with --context"},
		{"executable file not found", "nothing here runs containers: install Docker, podman or nerdctl, or give an existing cluster with --context"},
		{"unable to find image", "the node image is not here and cannot be pulled: give one that is with --image"},
		{"failed to pull image", "the node image is not here and cannot be pulled: give one that is with --image"},
		{"no space left on device", "the disk is full"},
		{"too many open files", "the machine allows too few inotify watches: raise fs.inotify.max_user_instances and max_user_watches"},
	}
}

// tail returns the last lines of a text in one.
func tail(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, " | ")
}

func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}

// logger hands on what kind is at, without its ornaments.
type logger struct{ progress func(string) }

func (l logger) say(text string) {
	if l.progress == nil || !strings.Contains(text, "•") && !strings.Contains(text, "Creating cluster") {
		return // ends of phases are the beginnings of others
	}
	clean := strings.Map(func(r rune) rune {
		if r > 127 {
			return -1
		}
		return r
	}, text)
	if clean = strings.Trim(clean, " .\n"); clean != "" {
		l.progress(clean)
	}
}

// Warn hands a warning on.
func (l logger) Warn(text string) {
	if l.progress != nil {
		l.progress("warning: " + strings.TrimSpace(text))
	}
}

// Warnf is Warn with a format.
func (l logger) Warnf(format string, args ...interface{}) { l.Warn(fmt.Sprintf(format, args...)) }

// Error drops the text: it is in the error that follows.
func (logger) Error(string) {}

// Errorf drops the text.
func (logger) Errorf(string, ...interface{}) {}

// V returns what takes the messages of a level; only level 0 is for people.
func (l logger) V(level log.Level) log.InfoLogger {
	if level > 0 {
		return info{}
	}
	return info{l.say}
}

// info is one level of a logger.
type info struct{ say func(string) }

// Info hands a message on.
func (i info) Info(text string) {
	if i.say != nil {
		i.say(text)
	}
}

// Infof is Info with a format.
func (i info) Infof(format string, args ...interface{}) { i.Info(fmt.Sprintf(format, args...)) }

// Enabled tells whether anybody listens.
func (i info) Enabled() bool { return i.say != nil }
