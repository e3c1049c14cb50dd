package gatewayconformance

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/apimachinery/pkg/util/httpstream/spdy"
	"k8s.io/apimachinery/pkg/util/remotecommand"
)

// streamResult ends a request to run a command with what it wrote and how it
// ended (k8s.io/apimachinery/pkg/util/remotecommand, protocol 4). The error is
// one of the protocol, before anything is sent.
func streamResult(w http.ResponseWriter, r *http.Request, out string, ended error) error {
	if _, err := httpstream.Handshake(r, w, []string{remotecommand.StreamProtocolV4Name}); err != nil {
		return err
	}
	streams := make(chan httpstream.Stream, 4)
	conn := spdy.NewResponseUpgrader().UpgradeResponse(w, r, func(s httpstream.Stream, _ <-chan struct{}) error {
		streams <- s
		return nil
	})
	if conn == nil {
		return nil // the upgrader has answered
	}
	defer conn.Close()
	byType := map[string]httpstream.Stream{}
	timeout := time.After(10 * time.Second)
	for len(byType) < 3 { // error, stdout and stderr: the suite asks for no more
		select {
		case s := <-streams:
			byType[s.Headers().Get(corev1.StreamType)] = s
		case <-timeout:
			return nil
		}
	}
	return writeResult(byType, out, ended)
}

func writeResult(streams map[string]httpstream.Stream, out string, ended error) error {
	status := metav1.Status{Status: metav1.StatusSuccess}
	if ended != nil {
		status = metav1.Status{Status: metav1.StatusFailure, Message: ended.Error()}
	}
	text, err := json.Marshal(status)
	if err != nil {
		return err
	}
	_, err1 := io.WriteString(streams[corev1.StreamTypeStdout], out)
	_, err2 := streams[corev1.StreamTypeError].Write(text)
	for _, s := range streams {
		err1 = errors.Join(err1, s.Close())
	}
	_ = errors.Join(err1, err2) // the client is gone: there is nobody to tell
	return nil
}
