package main

import (
	"context"
	"encoding/json"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// answer is what a server says of one call.
type answer struct {
	By       string `json:"by"`             // "namespace/name" of the pod
	Nonce    string `json:"nonce"`          // as the caller sent it
	Method   string `json:"method"`         // "/package.Service/Method"
	Host     string `json:"host"`           // :authority
	Saw      string `json:"saw"`            // the caller's address with port
	At       string `json:"at"`             // the server's own address with port
	Identity string `json:"id,omitempty"`   // SPIFFE identity of the caller, "" in plaintext
	Security string `json:"tls"`            // "tls", or "insecure"
	Path     string `json:"from,omitempty"` // x-forwarded-for, as it arrived
}

// echo answers any method, so that policies can name methods which no schema knows.
func echo(_ any, stream grpc.ServerStream) error {
	var in wrapperspb.StringValue
	if err := stream.RecvMsg(&in); err != nil {
		return err
	}
	method, ok := grpc.MethodFromServerStream(stream)
	if !ok {
		return status.Error(codes.Internal, "the method is not known")
	}
	a := seen(stream.Context())
	a.Nonce, a.Method = in.GetValue(), method
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return stream.SendMsg(wrapperspb.String(string(text)))
}

// seen is what a server knows of the other end.
func seen(ctx context.Context) answer {
	a := answer{By: os.Getenv("POD_NAMESPACE") + "/" + os.Getenv("POD_NAME"), Security: "insecure"}
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		a.Host, a.Path = first(md.Get(":authority")), first(md.Get("x-forwarded-for"))
	}
	p, ok := peer.FromContext(ctx)
	if !ok {
		return a
	}
	a.Saw = p.Addr.String()
	if p.LocalAddr != nil {
		a.At = p.LocalAddr.String()
	}
	if t, ok := p.AuthInfo.(credentials.TLSInfo); ok {
		a.Security = t.AuthType()
		for _, c := range t.State.PeerCertificates[:min(1, len(t.State.PeerCertificates))] {
			for _, u := range c.URIs {
				a.Identity = u.String()
			}
		}
	}
	return a
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
