package clusters

import (
	"context"
	"errors"
	"io"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/netfate/netfate/sim/model"
)

// result is what listing one kind gave.
type result struct {
	task     *task
	items    *itemReader
	objects  []*model.Object
	problems []model.Problem
	broken   []model.Broken
	failed   error // the kind could not be listed, or not to the end
}

// list reads all objects of a kind, page by page. Only errors after which nothing more can be read are
// returned; all else is in the result.
func (c *connection) list(ctx context.Context, t *task, pageSize int64, tell func(objects int)) (*result, error) {
	r := &result{task: t, items: newItemReader(t.Kind)}
	if t.other {
		return r, c.listOther(ctx, t, r)
	}
	token, restarted := "", false
	defer func() { r.items = nil }()
	for {
		before := len(r.objects)
		next, err := c.page(ctx, t, token, pageSize, r.take)
		tell(len(r.objects) - before)
		var fatal *fatalError
		switch {
		case errors.As(err, &fatal):
			return nil, err
		case apierrors.IsResourceExpired(err) || apierrors.IsGone(err):
			if token != "" && !restarted { // the list took longer than the server keeps its state
				tell(-len(r.objects))
				*r, token, restarted = result{task: t, items: r.items}, "", true
				continue
			}
			err = errors.New("the list expired before its end, twice (410 Gone)")
		case err == nil && next == token && next != "":
			err = errors.New("its pages never end: the same one is named as the next")
		}
		if err != nil {
			r.fail(err)
			return r, nil
		}
		if token = next; token == "" {
			return r, nil
		}
	}
}

// listOther finds out whether there are objects in a version that cannot be read.
func (c *connection) listOther(ctx context.Context, t *task, r *result) error {
	found := 0
	_, err := c.page(ctx, t, "", 1, func([]byte) { found++ })
	var fatal *fatalError
	switch {
	case errors.As(err, &fatal):
		return err
	case err != nil:
		r.fail(err)
	case found > 0:
		r.fail(&versionError{t})
	}
	return nil
}

// page reads one page and returns the token of the next one, "" at the end.
func (c *connection) page(ctx context.Context, t *task, token string, size int64, take func([]byte)) (next string, err error) {
	params := map[string]string{"limit": strconv.FormatInt(size, 10)}
	if t.Only != "" {
		params["fieldSelector"] = "metadata.name=" + t.Only
	}
	if token != "" {
		params["continue"] = token
	}
	err = c.get(ctx, t.path(), acceptJSON, params, func(in io.Reader) error {
		next, err = readPage(in, take)
		return err
	})
	return next, err
}

// take makes an object of one item of the list.
func (r *result) take(item []byte) {
	o, err := r.items.object(item)
	if err == nil {
		r.objects = append(r.objects, o)
		return
	}
	r.problems = append(r.problems, model.Problem{
		Severity: model.Error, Message: "an object in the list of " + r.task.names() + " cannot be used: " + err.Error(),
	})
	if r.task.policy {
		r.broken = append(r.broken, model.Broken{Ref: r.task.all(), Why: err.Error()})
	}
}
