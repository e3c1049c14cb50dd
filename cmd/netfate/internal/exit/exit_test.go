package exit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/netfate/netfate/cmd/netfate/internal/exit"
)

func TestOf(t *testing.T) {
	tests := []struct {
		err  error
		want exit.Status
	}{
		{nil, exit.OK},
		{errors.New("any"), exit.Failure},
		{exit.With(exit.OK), exit.OK},
		{exit.With(exit.Difference), exit.Difference},
		{fmt.Errorf("around: %w", exit.With(exit.Undetermined)), exit.Undetermined},
		{fmt.Errorf("reading: %w", context.Canceled), exit.Interrupted},
		{&exit.Error{Status: exit.Difference, Err: errors.New("said")}, exit.Difference},
	}
	for _, tt := range tests {
		if got := exit.Of(tt.err); got != tt.want {
			t.Errorf("Of(%v) = %d, want %d", tt.err, got, tt.want)
		}
	}
	if text := exit.With(exit.Difference).Error(); text != "" {
		t.Errorf("a silent error says %q", text)
	}
}
