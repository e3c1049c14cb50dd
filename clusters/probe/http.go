package probe

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
)

// The headers that carry a question and its answer; the answer is in the body too, except of a gRPC health check.
const (
	nonceHeader  = "Netfate-Nonce"
	answerHeader = "Netfate-Answer"
	grpcType     = "application/grpc"
	healthCheck  = "/grpc.health.v1.Health/Check"
)

// overTLS is the key of a connection's context that tells whether it is one over TLS.
type overTLS struct{}

func (s *Server) httpServer() *http.Server {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	p.SetUnencryptedHTTP2(true) // within TLS too: it is told by its first bytes
	return &http.Server{
		Handler: http.HandlerFunc(s.handle), Protocols: p, ReadHeaderTimeout: patience, IdleTimeout: patience,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			pc, ok := c.(*peeked)
			return context.WithValue(ctx, overTLS{}, ok && pc.tls)
		},
	}
}

// handle answers any method, host and path.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	over := "http/1.1"
	isGRPC := r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), grpcType)
	switch {
	case isGRPC:
		over = "grpc"
	case r.ProtoMajor == 2:
		over = "http/2"
	}
	if secure, _ := r.Context().Value(overTLS{}).(bool); secure {
		over += "+tls"
	}
	out, err := json.Marshal(s.answer(r.RemoteAddr, over, r.Header.Get(nonceHeader)))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 1<<20))
	w.Header().Set(answerHeader, string(out))
	if isGRPC {
		s.grpc(w, r, out)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(out, '\n'))
}

// grpc answers a unary call: a message with the answer as JSON, or that of a health check, and status 0.
func (s *Server) grpc(w http.ResponseWriter, r *http.Request, out []byte) {
	if r.URL.Path == healthCheck {
		out = []byte{0x08, 0x01} // HealthCheckResponse{status: SERVING}
	}
	w.Header().Set("Content-Type", grpcType)
	w.Header().Set("Trailer", "Grpc-Status, Grpc-Message")
	_, _ = w.Write(message(out))
	w.Header().Set("Grpc-Status", "0")
	w.Header().Set("Grpc-Message", "")
}

// message frames a gRPC message: not compressed, with its length (gRPC over HTTP/2, "Length-Prefixed-Message").
func message(body []byte) []byte {
	out := make([]byte, 5, 5+len(body))
	binary.BigEndian.PutUint32(out[1:], uint32(len(body)))
	return append(out, body...)
}
