package request

import (
	"strings"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// between stands between issuer and subject in the code of a token. It is not a slash, because issuers
// have slashes and the two must not be mistaken for another pair.
const between = "\x01"

// TokenOf returns the value of dimension [Token] for an issuer and a subject.
func TokenOf(issuer, subject string) Value { return Text(issuer + between + subject) }

// tokens returns the codes of all tokens.
func tokens() lang.Lang {
	return lang.Concat(tokenPart(), lang.Literal(between), tokenPart())
}

func tokenPart() lang.Lang {
	return lang.Bytes(func(b byte) bool { return b != 0 && b != between[0] })
}

// TokenPrincipal returns the values of dimension [Token] whose "issuer/subject" is in l, which is
// what Istio's requestPrincipals match.
func TokenPrincipal(l lang.Lang) lang.Lang {
	return tokens().Intersect(l.Preimage(func(b byte) byte {
		if b == between[0] {
			return '/'
		}
		return b
	}))
}

// TokenIssuer returns the values of dimension [Token] whose issuer is in l.
func TokenIssuer(l lang.Lang) lang.Lang {
	return lang.Concat(l.Intersect(tokenPart()), lang.Literal(between), tokenPart())
}

// TokenSubject returns the values of dimension [Token] whose subject is in l.
func TokenSubject(l lang.Lang) lang.Lang {
	return lang.Concat(tokenPart(), lang.Literal(between), l.Intersect(tokenPart()))
}

// PrincipalOf returns the values of dimension [Principal] of the form td/ns/NAMESPACE/sa/ACCOUNT with the
// namespace and the account in these sets. Neither of them, nor the trust domain, has a slash.
func PrincipalOf(namespace, account lang.Lang) lang.Lang {
	part := lang.Bytes(func(b byte) bool { return b != '/' }).Minus(lang.Literal(""))
	return lang.Concat(part, lang.Literal("/ns/"), namespace.Intersect(part), lang.Literal("/sa/"), account.Intersect(part))
}

// PrincipalNamespace returns the values of dimension [Principal] of service accounts of the namespaces in l.
func PrincipalNamespace(l lang.Lang) lang.Lang { return PrincipalOf(l, lang.All()) }

// TokenParts returns the issuer and the subject of a value of dimension [Token].
func TokenParts(v Value) (issuer, subject string) {
	issuer, subject, _ = strings.Cut(v.Text(), between)
	return issuer, subject
}
