package gatewayconformance

// notPassed says of each test of the suite that does not pass why it does not.
func notPassed() map[string]string {
	const (
		unread    = "netfate never reads Secrets and ConfigMaps: one that may be used is taken to exist and to be right"
		isolation = "the API leaves the isolation of listeners to the implementation (an extended feature, row G7), so that the verdict is undetermined"
		client    = "whether a client has a certificate of the authority that a listener asks for is not part of a flow: the verdict is undetermined"
		handshake = "what a gateway shows and checks in its TLS with a backend (server name, authority, subject names, client certificate) is not part of a verdict"
		later     = "a verdict is of one request that its backend answers at once: delays, failures of the backend and what a gateway does about them are not part of it"
	)
	return map[string]string{
		"BackendTLSPolicy":                                           handshake,
		"BackendTLSPolicyConflictResolution":                         handshake,
		"BackendTLSPolicyInvalidCACertificateRef":                    unread,
		"BackendTLSPolicySANValidation":                              handshake,
		"GatewayFrontendClientCertificateValidation":                 client,
		"GatewayFrontendClientCertificateValidationInsecureFallback": "the Gateway's condition InsecureFrontendValidationMode is not computed, and whether a client shows a certificate is not part of a flow",
		"GatewayFrontendInvalidDefaultClientCertificateValidation":   unread,
		"GatewayHTTPListenerIsolation":                               isolation,
		"GatewayInvalidFrontendClientCertificateValidation":          unread,
		"GatewayInvalidParametersRef":                                "parameters are the implementation's own, and one that is referred to is taken to exist",
		"GatewayInvalidTLSBackendConfiguration":                      unread,
		"GatewayInvalidTLSConfiguration":                             unread,
		"GatewayStaticAddresses":                                     "which addresses a gateway can have is the cluster's to say, not the manifests'",
		"GatewayTLSBackendClientCertificate":                         handshake,
		"GatewayWithAttachedRoutes":                                  unread,
		"HTTPRouteCORS":                                              "which headers a gateway adds to an answer for CORS is not part of a verdict; the statuses of preflight requests are",
		"HTTPRouteHTTPSListenerDetectMisdirectedRequests":            "a request has one host: the server name of its TLS is not told from its Host header",
		"HTTPRouteRetry":                                             later,
		"HTTPRouteTimeoutBackendRequest":                             later,
		"HTTPRouteTimeoutRequest":                                    later,
	}
}
