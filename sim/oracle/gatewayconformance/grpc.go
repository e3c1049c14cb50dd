package gatewayconformance

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	pb "sigs.k8s.io/gateway-api/conformance/echo-basic/grpcechoserver"
	grpcsuite "sigs.k8s.io/gateway-api/conformance/utils/grpc"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// GRPCClient answers the suite's remote procedure calls with what netfate says
// becomes of their requests.
type GRPCClient struct{ Cluster *Cluster }

var _ grpcsuite.Client = (*GRPCClient)(nil)

// Close has nothing to close.
func (g *GRPCClient) Close() {}

// SendRPC asks for the verdict of one call. Of the expectation it reads what the
// request is made of, and nothing else.
func (g *GRPCClient) SendRPC(_ *testing.T, address string, expected grpcsuite.ExpectedResponse, _ time.Duration) (*grpcsuite.Response, error) {
	addr, port, err := dialled(address)
	if err != nil {
		return &grpcsuite.Response{}, err
	}
	call := rpcRequest(address, &expected)
	got, err := g.Cluster.send(context.Background(), addr, port, algebra.TCP, call)
	res := &grpcsuite.Response{Headers: &metadata.MD{}, Trailers: &metadata.MD{}}
	switch {
	case err != nil:
		res.Code = codes.Unavailable
	case got.echo == nil:
		res.Code = codeOf(got.status)
	default:
		e := got.echo
		res.Response = &pb.EchoResponse{Assertions: &pb.Assertions{FullyQualifiedMethod: e.request.Path, Authority: e.request.Authority(),
			Context: &pb.Context{Namespace: e.pod.Namespace, Pod: e.pod.Name}}}
	}
	return res, nil
}

// rpcRequest is the HTTP request of a call (gRPC over HTTP/2).
func rpcRequest(address string, call *grpcsuite.ExpectedResponse) *model.Request {
	method := "EchoThree"
	switch {
	case call.EchoRequest != nil:
		method = "Echo"
	case call.EchoTwoRequest != nil:
		method = "EchoTwo"
	}
	r := &model.Request{Method: "POST", Scheme: "grpc", Path: "/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/" + method,
		Headers: map[string]string{"content-type": "application/grpc"}}
	authority := address
	if m := call.RequestMetadata; m != nil {
		if m.Authority != "" {
			authority = m.Authority
		}
		for k, v := range m.Metadata {
			r.Headers[strings.ToLower(k)] = v
		}
	}
	setAuthority(r, authority)
	return r
}

// codeOf is the code that a client makes of an answer that is not gRPC (gRPC,
// http-grpc-status-mapping).
func codeOf(status int) codes.Code {
	switch status {
	case 400:
		return codes.Internal
	case 401:
		return codes.Unauthenticated
	case 403:
		return codes.PermissionDenied
	case 404:
		return codes.Unimplemented
	case 429, 502, 503, 504:
		return codes.Unavailable
	}
	return codes.Unknown
}
